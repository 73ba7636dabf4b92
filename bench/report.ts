import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { setupTools } from '../lab/tools/setup-tools.ts';
import { parseRunDocument } from '../reports/data/parse-run-document.ts';
import { textOf } from '../reports/data/run-document.ts';
import { renderReport } from '../reports/html/render-report.ts';
import type { Figure } from './figure.ts';
import { largeRun } from './large-run.ts';

const operations = 1_000_000;
/** A walk through the run: in, along, out, and all again. */
const walk = ['+', '+', '+', 'ArrowRight', 'ArrowRight', '+', '+', 'ArrowLeft', '-', '-', '0'];

/** What stands at the window's upper edge meanwhile: the bars of faults and roles, or the charts that are drawn anew. */
const places = ['.timeline', '[data-redrawn^=throughput]', '[data-redrawn^=latency]'];

/**
 * The report of a large run (large-run.ts): how long it takes from run.json, read and checked, to report.html; how large
 * that is; and in a headless Chromium without a graphics card how soon it is painted, and how long a step of the
 * timeline's zoom takes: from the key to the end of the frame that shows it.
 */
export async function report(runs = 5): Promise<Figure[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'bench-report-'));
  const [json, page] = [path.join(dir, 'run.json'), path.join(dir, 'report.html')];
  const { chromium: tool } = await setupTools(['chromium']);
  const browser = await chromium.launch({ executablePath: tool.path, args: ['--disable-gpu'] });
  try {
    writeFileSync(json, textOf(largeRun(operations)));
    const seconds: number[] = [];
    for (let run = 0; run < runs; run++) {
      const from = performance.now();
      writeFileSync(page, renderReport(parseRunDocument(readFileSync(json, 'utf8'), json)));
      seconds.push((performance.now() - from) / 1000);
    }
    const paints: number[] = [];
    const steps: number[] = [];
    for (let run = 0; run < runs; run++) await look(browser, pathToFileURL(page).href, paints, steps);
    const megabytes = statSync(page).size / 1e6;
    return [
      { name: 'report of a 1,000,000-operation run', unit: 's', samples: seconds, bar: { max: 2 } },
      { name: 'its size', unit: 'MB', samples: [megabytes], bar: { max: 2 } },
      { name: 'its first paint', unit: 's', samples: paints, bar: { max: 0.5 } },
      { name: 'a step of its zoom', unit: 'ms', samples: steps, bar: { max: 50 } },
    ];
  } finally {
    await browser.close();
    rmSync(dir, { recursive: true });
  }
}

/** Opens the page in a browser window that knows nothing of it, and adds what was measured. */
async function look(browser: Browser, address: string, paints: number[], steps: number[]): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(address);
  paints.push((await page.evaluate<number>(firstPaintMs)) / 1000);
  for (const place of places) {
    await page.evaluate(`document.querySelector('${place}').scrollIntoView({ block: 'start' })`);
    for (const key of walk) steps.push(await page.evaluate<number>(stepMs(key)));
  }
  await context.close();
}

// What runs in the page is text: this folder has no types of the DOM.

/** From the beginning of the navigation. */
const firstPaintMs = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    const paint = list.getEntriesByName('first-contentful-paint')[0];
    if (paint !== undefined) resolve(paint.startTime);
  }).observe({ type: 'paint', buffered: true });
})`;

/** What is posted in a frame's callback arrives when that frame has been laid out and painted. */
const stepMs = (key: string) => `new Promise((resolve) => {
  requestAnimationFrame(() => {
    const from = performance.now();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now() - from);
    document.querySelector('.timeline').dispatchEvent(new KeyboardEvent('keydown', { key: '${key}' }));
    requestAnimationFrame(() => port2.postMessage(null));
  });
})`;
