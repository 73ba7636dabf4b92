import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runsIn } from '../lab/cli/runs-in.ts';
import { monotonicMs } from '../lab/common/clock.ts';
import type { Figure } from './figure.ts';
import { runLab } from './run-lab.ts';

const BIN = path.join(import.meta.dirname, '../lab/cli/bin.mjs');
const STOCK = fileURLToPath(new URL('./scenarios/stock-failover.scenario.ts', import.meta.url));
/** Those of Redis and Sentinel alone that the lab began with. */
const SENTINEL_SCENARIOS = [
  'crash-while-lagging',
  'split-brain',
  'empty-restart',
  'two-sentinels',
  'manual-failover',
  'frozen-primary',
  'silent-primary',
];

/**
 * `lab distribution`: stock Sentinel failovers (down-after 30 s), side by side; the bar is for 300 of them. Three at speed 5
 * get as far as one at speed 15, and leave two cores the time to be on time: of two at speed 10 many are inconclusive.
 */
export async function failovers(runs = 300, parallel = 3): Promise<Figure[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'failover-lab-bench-'));
  try {
    const startedAt = monotonicMs();
    const args = [
      ...['distribution', STOCK, '--runs', String(runs)],
      ...['--speed', '5', '--parallel', String(parallel)],
    ];
    await new Promise<void>((resolve) => {
      execFile(process.execPath, [BIN, ...args, '--out', dir], { maxBuffer: 1 << 26 }, () => resolve());
    });
    const minutes = (monotonicMs() - startedAt) / 60_000;
    const made = readdirSync(dir).map((name) => path.join(dir, name));
    const documents = runsIn(made.filter((folder) => /distribution-stock-failover$/.test(folder))).map(
      ({ document }) => document,
    );
    const promotions = documents.flatMap(({ checks }) =>
      checks.flatMap(({ figures: { promotionMs } }) =>
        typeof promotionMs === 'number' ? [promotionMs] : [],
      ),
    );
    return [
      {
        name: `${runs} stock Sentinel failovers at speed 5, ${parallel} at a time`,
        unit: 'min',
        samples: [minutes],
        bar: { max: (20 * runs) / 300 },
      },
      {
        name: 'of these, a promotion after the primary’s death',
        unit: 'ms of lab time',
        samples: promotions,
        bar: {},
      },
      {
        name: 'of these, inconclusive because the machine was too slow',
        unit: 'runs',
        samples: [documents.filter(({ outcome }) => outcome === 'inconclusive').length],
        bar: {},
      },
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The seven Sentinel scenarios under stock settings at speed 10, both variants, one run at a time: two of them keep two cores too busy. */
export async function production(): Promise<Figure[]> {
  const startedAt = monotonicMs();
  const runs = await runLab([
    ...SENTINEL_SCENARIOS,
    ...['--timing', 'production', '--speed', '10', '--parallel', '1'],
  ]);
  return [
    {
      name: 'seven Sentinel scenarios, production timing, both variants',
      unit: 'min',
      samples: [(monotonicMs() - startedAt) / 60_000],
      bar: { max: 4 },
    },
    {
      name: 'runs among them that did not come out as expected',
      unit: 'runs',
      samples: [runs.filter(({ outcome }) => outcome !== 'as-expected').length],
      bar: { max: 0 },
    },
  ];
}
