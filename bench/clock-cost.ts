import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { LabError } from '../lab/common/errors.ts';
import { freePort } from '../lab/common/free-port.ts';
import { until } from '../lab/common/until.ts';
import { caseClock } from '../lab/hosts/test-cases.ts';
import { findTools } from '../lab/tools/find-tools.ts';
import type { Figure } from './figure.ts';

const REQUESTS = 50_000;
const RUNS = 31;

/**
 * What the lab clock's library costs a server: `redis-benchmark -t set` against one that is on a lab clock (at the speed of
 * real time) ÷ the same against one that is not. The two take turns, so that what else the machine does hits both alike.
 */
export async function clockCost(runs = RUNS): Promise<Figure[]> {
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
    await onClock.measure(benchmark);
    await plain.measure(benchmark);
    const rates: number[] = [];
    const cpu: number[] = [];
    for (let i = 0; i < runs; i++) {
      const inTurn = i % 2 === 0 ? [onClock, plain] : [plain, onClock];
      const measured = new Map<unknown, Measured>();
      for (const side of inTurn) measured.set(side, await side.measure(benchmark));
      const [a, b] = [measured.get(onClock), measured.get(plain)];
      if (a === undefined || b === undefined) throw new RangeError('expected both to be measured');
      rates.push(100 * (1 - a.perSecond / b.perSecond));
      cpu.push(100 * (a.cpuMs / b.cpuMs - 1));
    }
    return [
      {
        name: 'cost of the lab clock’s library, redis-benchmark SET',
        unit: '% fewer/s',
        samples: rates,
        bar: { max: 2 },
      },
      { name: 'the same by the server’s CPU time', unit: '% more', samples: cpu, bar: {} },
    ];
  } finally {
    for (const side of sides) side.end();
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Measured {
  perSecond: number;
  cpuMs: number;
}

async function start(server: string, dir: string, environment: NodeJS.ProcessEnv) {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', dir];
  const child = spawn(server, args, { stdio: 'ignore', env: { ...process.env, ...environment } });
  await once(child, 'spawn');
  const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => 20 });
  redis.on('error', () => {});
  await until(async () => (await redis.ping()) === 'PONG', { what: 'a server', withinMs: 10_000 });
  redis.disconnect();
  return {
    async measure(benchmark: string): Promise<Measured> {
      const before = cpuMsOf(child.pid);
      const { stdout } = await promisify(execFile)(benchmark, [
        '-p',
        String(port),
        '-t',
        'set',
        '-n',
        String(REQUESTS),
        '--csv',
      ]);
      const perSecond = Number(/^"SET","([\d.]+)"/m.exec(stdout)?.[1]);
      if (!(perSecond > 0)) throw new LabError(`expected a rate of redis-benchmark, got ${stdout}`);
      return { perSecond, cpuMs: cpuMsOf(child.pid) - before };
    },
    end: () => child.kill('SIGKILL'),
  };
}

/** CPU time of a process so far. The kernel counts it in hundredths of a second. */
function cpuMsOf(pid: number | undefined): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15);
  return (Number(user) + Number(system)) * 10;
}
