import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RunDocument } from '../reports/data/run-document.ts';
import { hardenedSample, splitBrainSample } from '../reports/data/sample.ts';
import { renderIndex } from '../reports/html/render-index.ts';
import type { IndexRun } from '../reports/html/suite/scenario-runs.ts';
import { writeWholeFile } from '../reports/reporters/write-file.ts';
import type { Figure } from './figure.ts';

const RUNS = 500;
const SCENARIOS = 50;
const THEMES = 10;
const SAMPLES = 10;

/** From 500 runs, as an invocation has them in memory when it ends, to index.html on disk, and how large that is. */
export async function suiteReport(): Promise<Figure[]> {
  const runs = suiteOf(RUNS);
  const directory = mkdtempSync(path.join(tmpdir(), 'lab-bench-suite-'));
  const file = path.join(directory, 'index.html');
  const samples: number[] = [];
  try {
    for (let i = 0; i < SAMPLES; i++) {
      const began = performance.now();
      writeWholeFile(file, renderIndex(runs));
      samples.push(performance.now() - began);
    }
    return [
      { name: `index.html over ${RUNS} runs`, unit: 'ms', samples, bar: { max: 1000 } },
      {
        name: `size of index.html over ${RUNS} runs`,
        unit: 'kB',
        samples: [statSync(file).size / 1000],
        bar: { max: 1000 },
      },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs of 50 scenarios in both variants, five of each, with texts as long as the catalogue's. */
function suiteOf(length: number): IndexRun[] {
  const samples = [splitBrainSample(), hardenedSample()];
  return Array.from({ length }, (_, i) => {
    const sample = samples[i % 2] ?? splitBrainSample();
    const n = Math.floor(i / 2) % SCENARIOS;
    const document: RunDocument = {
      ...sample,
      seed: 1000 + Math.floor(i / 2 / SCENARIOS),
      scenario: {
        ...sample.scenario,
        name: `scenario-${n}`,
        title: `${sample.scenario.title}, number ${n}`,
        file: `scenarios/theme-${n % THEMES}/scenario-${n}.scenario.ts`,
      },
    };
    return { document, href: `2026-01-05-093000-scenario-${n}-${document.variant}-${i}/report.html` };
  });
}
