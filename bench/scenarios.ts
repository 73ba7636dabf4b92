import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monotonicMs } from '../lab/common/clock.ts';
import { catalogue } from '../lab/scenario/catalogue.ts';
import { experimentOf } from '../lab/scenario/variants.ts';
import type { Figure } from './figure.ts';

const BIN = path.join(import.meta.dirname, '../lab/cli/bin.mjs');
const RUNS = 3;

interface Run {
  scenario: string;
  variant: string;
  outcome: string;
  durationMs: number;
}

/**
 * All scenarios of the catalogue, both variants: those of Redis alone two runs at a time, and those with the application
 * one at a time, since what counts there is how long each takes.
 */
export async function scenarios(): Promise<Figure[]> {
  const known = await catalogue();
  const withApplication = (name: string) =>
    known.some(
      ({ scenario }) => scenario.name === name && experimentOf(scenario, 'hardened').app !== undefined,
    );
  const names = known.map(({ scenario }) => scenario.name);
  const redis = await timed(
    names.filter((name) => !withApplication(name)),
    2,
  );
  const application = await timed(names.filter(withApplication), 1);
  const slowest = slowestOf(application.runs);
  return [
    {
      name: 'the scenarios of Redis alone, both variants, fast, two at a time',
      unit: 's',
      samples: redis.seconds,
      bar: { max: 150 },
    },
    {
      name: 'the scenarios with the application, both variants, fast, one at a time',
      unit: 's',
      samples: application.seconds,
      bar: {},
    },
    {
      name: `the slowest of these at the median, ${slowest.name}`,
      unit: 's',
      samples: slowest.seconds,
      bar: { max: 10 },
    },
    {
      name: 'runs among them all that did not come out as expected',
      unit: 'runs',
      samples: redis.unexpected.map((count, i) => count + (application.unexpected[i] ?? 0)),
      bar: { max: 0 },
    },
  ];
}

/** Runs both variants of each, again and again: wall time of the whole command, and what came of it. */
async function timed(
  names: readonly string[],
  parallel: number,
): Promise<{ seconds: number[]; unexpected: number[]; runs: Run[] }> {
  const seconds: number[] = [];
  const unexpected: number[] = [];
  const all: Run[] = [];
  for (let i = 0; i < RUNS; i++) {
    const dir = mkdtempSync(path.join(tmpdir(), 'failover-lab-bench-'));
    try {
      const json = path.join(dir, 'runs.json');
      const startedAt = monotonicMs();
      await lab(['run', ...names, '--parallel', String(parallel), '--out', dir, '--json', json]);
      seconds.push((monotonicMs() - startedAt) / 1000);
      const { runs } = JSON.parse(readFileSync(json, 'utf8')) as { runs: Run[] };
      all.push(...runs);
      unexpected.push(runs.filter(({ outcome }) => outcome !== 'as-expected').length);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
  return { seconds, unexpected, runs: all };
}

/** The variant of a scenario whose median run takes longest, and how long its runs took. */
function slowestOf(runs: readonly Run[]): { name: string; seconds: number[] } {
  const named = Map.groupBy(runs, ({ scenario, variant }) => `${scenario} ${variant}`);
  const each = [...named].map(([name, own]) => ({
    name,
    seconds: own.map(({ durationMs }) => durationMs / 1000),
  }));
  return each.sort((a, b) => median(b.seconds) - median(a.seconds))[0] ?? { name: 'none', seconds: [] };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Runs the lab; what came out is in its JSON file, so its exit code does not matter here. */
function lab(args: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...args], { maxBuffer: 1 << 26 }, () => resolve());
  });
}
