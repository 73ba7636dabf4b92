import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { prepareMachine } from '../lab/cli/machine.ts';
import { LabError } from '../lab/common/errors.ts';
import { startRun } from '../lab/run/start-run.ts';
import type { Figure } from './figure.ts';

const MIB = 2 ** 20;

/** Memory of the lab's own process while 20,000 operations a second are recorded for a minute, and how much it grows. */
export async function memory(): Promise<Figure[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'failover-lab-bench-'));
  const peaks: number[] = [];
  const growths: number[] = [];
  const rates: number[] = [];
  try {
    for (let i = 0; i < 5; i++) {
      const { samples, operationsPerSecond } = await oneRun(path.join(dir, String(i)));
      peaks.push(Math.max(...samples.map(({ bytes }) => bytes)) / MIB);
      growths.push(growth(samples));
      rates.push(operationsPerSecond);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  return [
    {
      name: 'memory of the lab at 20,000 operations/s, checks included',
      unit: 'MiB',
      samples: peaks,
      bar: { max: 250 },
    },
    {
      name: 'its growth from the second to the last quarter of the load',
      unit: 'MiB',
      samples: growths,
      bar: { max: 20 },
    },
    { name: 'operations recorded in these runs', unit: 'operations/s', samples: rates, bar: { min: 19_000 } },
  ];
}

interface Sample {
  bytes: number;
  loading: boolean;
}

async function oneRun(dir: string): Promise<{ samples: Sample[]; operationsPerSecond: number }> {
  mkdirSync(path.join(dir, 'logs'), { recursive: true });
  const machine = await prepareMachine({});
  let phase = '';
  const run = startRun(
    {
      file: path.join(import.meta.dirname, 'scenarios/steady.scenario.ts'),
      shownFile: 'bench/scenarios/steady.scenario.ts',
      variant: 'hardened',
      timing: 'fast',
      speed: 1,
      clockLibrary: null,
      seed: 1,
      dir,
      scratch: machine.scratch,
      cache: machine.cache,
      keep: false,
      tools: machine.tools,
      server: machine.server,
      versions: machine.versions,
      commands: { replay: '', check: '' },
    },
    machine.place,
    (event) => {
      if (event.type === 'phase') phase = event.name;
    },
  );
  const samples: Sample[] = [];
  const timer = setInterval(() => {
    const bytes = residentBytes(run.pid);
    if (bytes !== null) samples.push({ bytes, loading: phase === 'disturb' });
  }, 250);
  try {
    const record = await run.record;
    if (record.outcome !== 'as-expected')
      throw new LabError(`the run was ${record.outcome}: ${record.reason}`);
    const acknowledged = record.checks.find(({ name }) => name === 'set')?.figures.acknowledged;
    const { from, to } = record.seen.loadWindow;
    return { samples, operationsPerSecond: (Number(acknowledged) * 1000) / (to - from) };
  } finally {
    clearInterval(timer);
  }
}

/** Resident memory of the run's first process: the only child of the process that made the sandbox. */
function residentBytes(outer: number | undefined): number | null {
  try {
    const [first] = readFileSync(`/proc/${outer}/task/${outer}/children`, 'utf8').split(' ');
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${first}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}

function growth(samples: readonly Sample[]): number {
  const loading = samples.filter((sample) => sample.loading).map(({ bytes }) => bytes);
  const quarter = Math.floor(loading.length / 4);
  const mean = (part: number[]) => part.reduce((sum, bytes) => sum + bytes, 0) / part.length;
  return (mean(loading.slice(-quarter)) - mean(loading.slice(quarter, 2 * quarter))) / MIB;
}
