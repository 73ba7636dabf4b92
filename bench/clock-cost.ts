import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { LabError } from '../lab/common/errors.ts';
import { freePort } from '../lab/common/free-port.ts';
import { median } from '../lab/common/median.ts';
import { until } from '../lab/common/until.ts';
import { caseClock } from '../lab/hosts/test-cases.ts';
import { findTools } from '../lab/tools/find-tools.ts';
import type { Figure } from './figure.ts';

/** Short, so that what else the machine does falls on few of them. */
const REQUESTS = 5000;
/** Of each sample; in each both servers are measured twice, in the order a b b a. */
const ROUNDS = 4;
const SAMPLES = 21;

/**
 * What the lab clock's library costs a server: `redis-benchmark -t set` against one that is on a lab clock (at the speed of
 * real time) beside the same against one that is not. The two take turns on one processor, and the benchmark has another,
 * so what else the machine does hits both alike. The server's CPU time says it with less noise than the throughput.
 */
export async function clockCost(samples = SAMPLES): Promise<Figure[]> {
  const found = await findTools(['redis-server']);
  const server = found['redis-server'].path;
  const beside = path.join(path.dirname(server), 'redis-benchmark');
  const benchmark = existsSync(beside) ? beside : 'redis-benchmark';
  const dir = mkdtempSync(path.join(tmpdir(), 'failover-lab-clock-cost-'));
  const sides = [];
  try {
    for (const environment of [await caseClock(1, dir), {}])
      sides.push(await start(server, dir, environment));
    const [onClock, plain] = sides;
    if (onClock === undefined || plain === undefined) throw new RangeError('expected two servers');
    for (const side of sides) await side.measure(benchmark);
    const rates: number[] = [];
    const cpu: number[] = [];
    for (let i = 0; i < samples; i++) {
      const clocked: Measured[] = [];
      const bare: Measured[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        clocked.push(await onClock.measure(benchmark));
        bare.push(await plain.measure(benchmark), await plain.measure(benchmark));
        clocked.push(await onClock.measure(benchmark));
      }
      const share = (figure: keyof Measured) =>
        median(clocked.map((each) => each[figure])) / median(bare.map((each) => each[figure]));
      rates.push(100 * (1 - share('perSecond')));
      cpu.push(100 * (share('cpuNs') - 1));
    }
    return [
      {
        name: 'cost of the lab clock’s library, redis-benchmark SET: CPU time',
        unit: '% more',
        samples: cpu,
        bar: { max: 2 },
      },
      { name: 'the same by requests', unit: '% fewer/s', samples: rates, bar: { max: 2 } },
    ];
  } finally {
    for (const side of sides) side.end();
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Measured {
  perSecond: number;
  cpuNs: number;
}

async function start(server: string, dir: string, environment: NodeJS.ProcessEnv) {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', dir];
  const child = spawn('taskset', ['-c', '0', server, ...args], {
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  });
  await once(child, 'spawn');
  const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => 20 });
  redis.on('error', () => {});
  await until(async () => (await redis.ping()) === 'PONG', { what: 'a server', withinMs: 10_000 });
  redis.disconnect();
  return {
    async measure(benchmark: string): Promise<Measured> {
      const before = cpuNsOf(child.pid);
      const { stdout } = await promisify(execFile)('taskset', [
        ...['-c', String(availableParallelism() - 1), benchmark],
        ...['-p', String(port), '-t', 'set', '-n', String(REQUESTS), '--csv'],
      ]);
      const perSecond = Number(/^"SET","([\d.]+)"/m.exec(stdout)?.[1]);
      if (!(perSecond > 0)) throw new LabError(`expected a rate of redis-benchmark, got ${stdout}`);
      return { perSecond, cpuNs: cpuNsOf(child.pid) - before };
    },
    end: () => child.kill('SIGKILL'),
  };
}

/** CPU time of a process' main thread so far, which does all the work of a server under SETs. */
function cpuNsOf(pid: number | undefined): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]);
}
