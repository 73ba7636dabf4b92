import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sleep } from '../lab/common/clock.ts';
import { until } from '../lab/common/until.ts';
import { readHistory } from '../lab/history/read-history.ts';
import type { SuiteJson } from '../reports/data/suite-json.ts';
import type { Figure } from './figure.ts';

const BIN = path.join(import.meta.dirname, '../lab/cli/bin.mjs');
const SCENARIO = path.join(import.meta.dirname, 'scenarios/closed-loop.scenario.ts');
const turnMs = 3000;
const turnsEach = 6;
/** After somebody has come or gone. */
const settleMs = 300;

/** A time in which somebody looked on, or nobody did; Unix ms. */
interface Turn {
  isWatched: boolean;
  fromMs: number;
  toMs: number;
}

/**
 * What looking on costs: operations per second of a closed loop while somebody watches (the page's events are read, nothing
 * is drawn) ÷ while nobody does. Both take turns within one run, three seconds each.
 */
export async function watch(runs = 3): Promise<Figure[]> {
  const ratios: number[] = [];
  const bytes: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { ratio, kilobytesPerSecond } = await inTurns();
    ratios.push(ratio);
    bytes.push(kilobytesPerSecond);
  }
  return [
    {
      name: 'throughput of a watched run ÷ of one that is not',
      unit: 'ratio',
      samples: ratios,
      bar: { min: 0.97 },
    },
    { name: 'what a watcher is sent', unit: 'kB/s', samples: bytes, bar: {} },
  ];
}

async function inTurns(): Promise<{ ratio: number; kilobytesPerSecond: number }> {
  const dir = mkdtempSync(path.join(tmpdir(), 'failover-lab-bench-'));
  const json = path.join(dir, 'runs.json');
  const seconds = (2 * turnsEach * (turnMs + settleMs)) / 1000 + 3;
  const args = [BIN, 'run', SCENARIO, '--variant', 'vulnerable', '--watch', '--out', dir, '--json', json];
  const env = { ...process.env, CI: 'true', BENCH_LOAD_SECONDS: String(seconds) };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const ended = once(child, 'close');
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    await until(() => said.includes('fault in force'), { what: 'the load', withinMs: 60_000 });
    const address = /watch: (\S+)/.exec(said)?.[1] ?? '';
    let received = 0;
    const turns: Turn[] = [];
    for (let turn = 0; turn < 2 * turnsEach; turn++) {
      // Watched first in one pair, last in the next.
      const isWatched = turn % 4 === 0 || turn % 4 === 3;
      const stop = isWatched ? listen(`${address}events`, (length) => (received += length)) : () => {};
      await sleep(settleMs);
      const fromMs = Date.now();
      await sleep(turnMs);
      turns.push({ isWatched, fromMs, toMs: Date.now() });
      stop();
    }
    await ended;
    const [run] = (JSON.parse(readFileSync(json, 'utf8')) as SuiteJson).runs;
    if (run === undefined) throw new Error('expected a run, got none');
    const [watched, alone] = await ratesOf(run.dir, turns);
    const watchedSeconds = (turnsEach * (turnMs + settleMs)) / 1000;
    return { ratio: watched / alone, kilobytesPerSecond: received / 1000 / watchedSeconds };
  } finally {
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Reads a page's events until the returned function is called. */
function listen(address: string, onBytes: (length: number) => void): () => void {
  const request = get(address, (response) => {
    response.on('data', (chunk: Buffer) => onBytes(chunk.length));
    response.on('error', () => {});
  });
  request.on('error', () => {});
  return () => request.destroy();
}

/** Operations per second that ended ok, watched and not. */
async function ratesOf(dir: string, turns: readonly Turn[]): Promise<[watched: number, alone: number]> {
  const document = JSON.parse(readFileSync(path.join(dir, 'run.json'), 'utf8'));
  const startMs: number = document.seen.startedAtUnixMs;
  const { history } = await readHistory(path.join(dir, 'history.jsonl'));
  const counts = turns.map(() => 0);
  for (const { completed, outcome } of history.operations) {
    if (outcome !== 'ok') continue;
    const at = startMs + completed;
    const index = turns.findIndex(({ fromMs, toMs }) => at >= fromMs && at < toMs);
    if (index >= 0) counts[index] = (counts[index] ?? 0) + 1;
  }
  const rate = (wanted: boolean) => {
    const own = turns.flatMap(({ isWatched, fromMs, toMs }, i) =>
      isWatched === wanted ? [{ count: counts[i] ?? 0, ms: toMs - fromMs }] : [],
    );
    const sum = (pick: (one: { count: number; ms: number }) => number) =>
      own.reduce((all, one) => all + pick(one), 0);
    return (sum(({ count }) => count) * 1000) / sum(({ ms }) => ms);
  };
  return [rate(true), rate(false)];
}
