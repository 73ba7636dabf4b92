import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { monotonicMs, sleep } from '../lab/common/clock.ts';
import { TestLoad } from '../lab/workload/load/test-load.ts';
import { users } from '../lab/workload/load/users.ts';
import type { Figure } from './figure.ts';

const warmUpMs = 1000;
const sliceMs = 200;
const slicesEach = 15;
/** After waking a process: what it left under way when it was stopped is answered first. */
const wakeMs = 20;
const virtualUsers = 20;

/** Requests, the milliseconds in which they were answered, and the CPU time that k6 and the load's process took for them. */
interface Work {
  requests: number;
  ms: number;
  cpuMs: number;
}

/**
 * What recording costs: requests per second of a load ÷ those of the same load that records nothing (no clock is read,
 * no row made, none handed over), both against a server that answers everything alike. The two take turns, a fifth of a
 * second each, the other one stopped meanwhile, so that what else the machine does hits both alike; the server counts.
 */
export async function load(runs = 5): Promise<Figure[]> {
  const ratios: number[] = [];
  const cpuRatios: number[] = [];
  const rates: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { recorded, plain } = await inTurns();
    ratios.push(perSecond(recorded) / perSecond(plain));
    cpuRatios.push(plain.cpuMs / plain.requests / (recorded.cpuMs / recorded.requests));
    rates.push(perSecond(recorded));
  }
  return [
    { name: 'recorded users ÷ the same without history', unit: 'ratio', samples: ratios, bar: { min: 0.9 } },
    {
      name: 'the same by CPU time, history’s own process included',
      unit: 'ratio',
      samples: cpuRatios,
      bar: {},
    },
    { name: 'recorded users', unit: 'requests/s', samples: rates, bar: {} },
  ];
}

async function inTurns(): Promise<{ recorded: Work; plain: Work }> {
  const server = await trivialServer();
  const loads: TestLoad[] = [];
  try {
    const sides = [];
    for (const record of [true, false]) {
      const journeys = [
        { kind: 'session', users: virtualUsers, stepsPerSession: null, orderShare: 0 },
      ] as const;
      const one = await TestLoad.of(users({ name: 'u', journeys }), [server.app], { record });
      loads.push(one);
      await one.started();
      await sleep(warmUpMs);
      const side = { pids: [one.process.pid ?? 0, one.k6()], work: { requests: 0, ms: 0, cpuMs: 0 } };
      signal(side.pids, 'SIGSTOP');
      sides.push(side);
    }
    for (let slice = 0; slice < slicesEach; slice++) {
      for (const { pids, work } of slice % 2 === 0 ? sides : sides.toReversed()) {
        signal(pids, 'SIGCONT');
        await sleep(wakeMs);
        const [before, from, cpuBefore] = [await server.requests(), monotonicMs(), cpuMs(pids)];
        await sleep(sliceMs);
        work.requests += (await server.requests()) - before;
        work.ms += monotonicMs() - from;
        work.cpuMs += cpuMs(pids) - cpuBefore;
        signal(pids, 'SIGSTOP');
      }
    }
    for (const { pids } of sides) signal(pids, 'SIGCONT');
    const [recorded, plain] = sides.map(({ work }) => work);
    if (recorded === undefined || plain === undefined) throw new Error('expected two sides');
    return { recorded, plain };
  } finally {
    for (const one of loads) await one.end();
    server.end();
  }
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) process.kill(pid, name);
}

/** CPU time of processes so far. The kernel counts it in hundredths of a second. */
function cpuMs(pids: readonly number[]): number {
  const ticks = pids.flatMap((pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15));
  return ticks.reduce((sum, tick) => sum + Number(tick) * 10, 0);
}

/** A process of its own, which says how many requests it has answered when it is asked. */
async function trivialServer() {
  const child = spawn(process.execPath, [fileURLToPath(new URL('trivial-server.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const [port] = await once(lines, 'line');
  return {
    app: { name: 'app-1', url: `http://127.0.0.1:${port}` },
    async requests(): Promise<number> {
      child.stdin.write('?\n');
      const [count] = await once(lines, 'line');
      return Number(count);
    },
    end: () => child.kill(),
  };
}

function perSecond({ requests, ms }: Work): number {
  return (requests * 1000) / ms;
}
