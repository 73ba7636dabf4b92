import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monotonicMs } from '../lab/common/clock.ts';
import type { Figure } from './figure.ts';

const BIN = path.join(import.meta.dirname, '../lab/cli/bin.mjs');
const RUNS = 5;

/** All scenarios of the catalogue, both variants, two runs at a time: wall time of the whole command. */
export async function scenarios(): Promise<Figure[]> {
  const seconds: number[] = [];
  const unexpected: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const dir = mkdtempSync(path.join(tmpdir(), 'failover-lab-bench-'));
    try {
      const json = path.join(dir, 'runs.json');
      const startedAt = monotonicMs();
      await lab(['run', '--parallel', '2', '--out', dir, '--json', json]);
      seconds.push((monotonicMs() - startedAt) / 1000);
      const { runs } = JSON.parse(readFileSync(json, 'utf8')) as { runs: { outcome: string }[] };
      unexpected.push(runs.filter(({ outcome }) => outcome !== 'as-expected').length);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
  return [
    {
      name: 'all scenarios, both variants, fast, two at a time',
      unit: 's',
      samples: seconds,
      bar: { max: 150 },
    },
    {
      name: 'runs among them that did not come out as expected',
      unit: 'runs',
      samples: unexpected,
      bar: { max: 0 },
    },
  ];
}

/** Runs the lab; what came out is in its JSON file, so its exit code does not matter here. */
function lab(args: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...args], { maxBuffer: 1 << 26 }, () => resolve());
  });
}
