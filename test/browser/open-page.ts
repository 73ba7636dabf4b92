import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, inject, onTestFinished } from 'vitest';

/** A page in the tests' browser, and what it did that it should not. */
export interface Opened {
  page: Page;
  /** Errors, warnings and violations of the page's own policy, as the console tells them. */
  complaints: string[];
  /** Addresses that were asked for besides the page itself. */
  requests: string[];
}

export interface OpenOptions extends BrowserContextOptions {
  /** Width of the window in CSS pixels. Default 1280. */
  width?: number;
  height?: number;
}

let browser: Browser;
let folder: string;

/** Call it once at the top of a file of tests that open pages. */
export function usesBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.connect(inject('browserEndpoint'));
    folder = mkdtempSync(path.join(tmpdir(), 'lab-pages-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await browser.close();
  });
}

/** Writes a page and opens it as people do: as a file, with nobody serving it. Closed when the test ends. */
export async function openPage(markup: string, options: OpenOptions = {}): Promise<Opened> {
  const directory = mkdtempSync(path.join(folder, 'page-'));
  const file = path.join(directory, 'report.html');
  writeFileSync(file, markup);
  return openAddress(pathToFileURL(file).href, options);
}

/** Opens a page that somebody serves. Closed when the test ends. */
export async function openAddress(address: string, options: OpenOptions = {}): Promise<Opened> {
  const { width = 1280, height = 900, ...rest } = options;
  const context = await browser.newContext({ viewport: { width, height }, ...rest });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (request.url() !== address) requests.push(request.url());
  });
  await page.goto(address);
  return { page, complaints, requests };
}

/** Goes over the whole page once, as a reader does: what is off the screen may be finished only when it comes into sight. */
export async function walkThrough(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight * 0.8) {
      scrollTo(0, y);
      await frame();
      await frame();
    }
    scrollTo(0, 0);
    await frame();
  });
}
