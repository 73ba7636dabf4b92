/**
 * `npm run bench [-- --only NAME --json FILE]`: measures what the project promises about its own speed; with
 * `--only scenarios --speed N` how long the scenarios take under stock settings on a clock N times as fast.
 * Exit code 0 when every bar holds, 1 when one does not, 2 on bad usage.
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { messageOf, UsageError } from '../lab/common/errors.ts';
import { median } from '../lab/common/median.ts';
import { withNearest } from '../lab/common/nearest-name.ts';
import { isSpeed, SPEEDS } from '../lab/time/speed.ts';
import type { Figure } from './figure.ts';

/** Every bench by name; each measures a few figures that belong together. */
const benches: Readonly<Record<string, (labSpeed?: number) => Promise<Figure[]>>> = {
  topology: async () => (await import('./topology.ts')).topology(),
  cluster: async () => (await import('./cluster.ts')).cluster(),
  application: async () => (await import('./application.ts')).application(),
  partition: async () => (await import('./partition.ts')).partition(),
  recording: async () => (await import('./recording.ts')).recording(),
  load: async () => (await import('./load.ts')).load(),
  checkers: async () => (await import('./checkers.ts')).checkers(),
  history: async () => (await import('./history.ts')).history(),
  memory: async () => (await import('./memory.ts')).memory(),
  limits: async () => (await import('./limits.ts')).limits(),
  sessions: async () => (await import('./sessions.ts')).sessions(),
  watch: async () => (await import('./watch.ts')).watch(),
  stampede: async () => (await import('./stampede.ts')).stampede(),
  suite: async () => (await import('./suite-report.ts')).suiteReport(),
  report: async () => (await import('./report.ts')).report(),
  'clock-cost': async () => (await import('./clock-cost.ts')).clockCost(),
  failovers: async () => (await import('./lab-time.ts')).failovers(),
  production: async () => (await import('./lab-time.ts')).production(),
  containers: async () => (await import('./containers.ts')).containers(),
  playground: async () => (await import('./playground.ts')).playground(),
  speed: async () => (await import('./speed.ts')).speed(),
  scenarios: async (labSpeed) => (await import('./scenarios.ts')).scenarios(labSpeed),
};

interface Measured {
  name: string;
  unit: string;
  median: number;
  /** Nine of ten samples are not above it; null of fewer than ten. */
  p90: number | null;
  min: number;
  max: number;
  runs: number;
  bar: string;
  holds: boolean;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, json: { type: 'string' }, speed: { type: 'string' } },
  });
  const names = Object.keys(benches);
  if (values.only !== undefined && !names.includes(values.only)) {
    throw new UsageError(withNearest(`there is no bench ${JSON.stringify(values.only)}`, values.only, names));
  }
  const labSpeed = values.speed === undefined ? undefined : Number(values.speed);
  if (labSpeed !== undefined && !isSpeed(labSpeed))
    throw new UsageError(`--speed: expected ${SPEEDS}, got ${JSON.stringify(values.speed)}`);
  if (labSpeed !== undefined && values.only !== 'scenarios')
    throw new UsageError('--speed: expected --only scenarios beside it; the other benches choose their own');
  const figures: Measured[] = [];
  for (const name of values.only === undefined ? names : [values.only]) {
    console.log(`${name} …`);
    const measured = (await benches[name]?.(labSpeed)) ?? [];
    figures.push(...measured.map(measuredOf));
    for (const figure of figures.slice(-measured.length)) console.log(lineOf(figure));
  }
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ machine: machine(), figures }, null, 2)}\n`);
  }
  const broken = figures.filter(({ holds }) => !holds);
  console.log(`${figures.length - broken.length} of ${figures.length} figures hold`);
  return broken.length === 0 ? 0 : 1;
}

function measuredOf({ name, unit, samples, bar }: Figure): Measured {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = median(samples);
  const bounds = [bar.min === undefined ? '' : `≥ ${bar.min}`, bar.max === undefined ? '' : `≤ ${bar.max}`];
  return {
    name,
    unit,
    median: middle,
    p90: sorted.length < 10 ? null : (sorted[Math.ceil(0.9 * sorted.length) - 1] ?? 0),
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
    runs: samples.length,
    bar: bounds.filter(Boolean).join(', '),
    holds: samples.length > 0 && middle >= (bar.min ?? -Infinity) && middle <= (bar.max ?? Infinity),
  };
}

function lineOf({ name, unit, median: middle, p90, min, max, runs, bar, holds }: Measured): string {
  const [a, b, c, d] = [middle, min, max, p90 ?? max].map((value) => Number(value.toPrecision(3)));
  const often = p90 === null ? '' : `, 9 of 10 ≤ ${d}`;
  const verdict = bar === '' ? '' : holds ? `holds ${bar}` : `DOES NOT HOLD ${bar}`;
  return `  ${name.padEnd(62)} ${a} ${unit} (${b} to ${c}${often}, ${runs} runs)  ${verdict}`;
}

function machine() {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    loadAverage: loadavg().map((load) => Number(load.toFixed(2))),
  };
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`error: ${messageOf(error)}`);
  process.exitCode = error instanceof UsageError || error instanceof TypeError ? 2 : 3;
}
