import { Redis } from 'ioredis';
import { monotonicMs, sleep } from '../lab/common/clock.ts';
import { addToSet } from '../lab/workload/spec.ts';
import { TestClients } from '../lab/workload/test-clients.ts';
import { TestServers } from '../lab/workload/test-servers.ts';
import type { Figure } from './figure.ts';

const warmUpMs = 1000;
const sliceMs = 200;
const slicesEach = 15;
/** After waking a process: what it left under way when it was stopped is answered first. */
const wakeMs = 20;

/** Operations and the milliseconds in which they were done. */
interface Work {
  operations: number;
  ms: number;
}

/**
 * What recording costs: operations per second of the lab's client process ÷ those of a bare ioredis loop, both
 * through one Toxiproxy to one Redis, closed loop, 8 clients with 4 operations each. The two take turns, a fifth
 * of a second each, the other one stopped meanwhile, so that what else the machine does hits both alike; Redis
 * itself counts the operations.
 */
export async function recording(runs = 5): Promise<Figure[]> {
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { recorded, plain } = await inTurns();
    ratios.push(perSecond(recorded) / perSecond(plain));
    rates.push(perSecond(recorded));
  }
  return [
    {
      name: 'recorded load ÷ the same loop without history',
      unit: 'ratio',
      samples: ratios,
      bar: { min: 0.85 },
    },
    { name: 'recorded load', unit: 'operations/s', samples: rates, bar: {} },
  ];
}

async function inTurns(): Promise<{ recorded: Work; plain: Work }> {
  const servers = new TestServers();
  const server = await servers.redis();
  const counter = new Redis({ host: server.host, port: server.port });
  try {
    const proxied = await servers.toxiproxy(server);
    const start = (name: string, entry?: URL) =>
      new TestClients(servers, addToSet({ name, clients: 8, inFlight: 4 }), proxied, {
        nodes: { [proxied.address]: 'redis-1' },
        ...(entry === undefined ? {} : { entry }),
      }).started();
    const sides = [];
    for (const entry of [undefined, new URL('plain-loop.ts', import.meta.url)]) {
      const clients = await start(entry === undefined ? 'recorded' : 'plain', entry);
      await sleep(warmUpMs);
      clients.process.kill('SIGSTOP');
      sides.push({ clients, work: { operations: 0, ms: 0 } });
    }
    for (let slice = 0; slice < slicesEach; slice++) {
      for (const { clients, work } of slice % 2 === 0 ? sides : sides.toReversed()) {
        clients.process.kill('SIGCONT');
        await sleep(wakeMs);
        await addWork(counter, work);
        clients.process.kill('SIGSTOP');
      }
    }
    const [recorded, plain] = sides.map(({ work }) => work);
    if (recorded === undefined || plain === undefined) throw new Error('expected two sides');
    return { recorded, plain };
  } finally {
    counter.disconnect();
    await servers.end();
  }
}

async function addWork(counter: Redis, work: Work): Promise<void> {
  const [before, from] = [await operationsSoFar(counter), monotonicMs()];
  await sleep(sliceMs);
  const [after, to] = [await operationsSoFar(counter), monotonicMs()];
  work.operations += after - before;
  work.ms += to - from;
}

async function operationsSoFar(counter: Redis): Promise<number> {
  const [, calls] = /cmdstat_sadd:calls=(\d+)/.exec(await counter.info('commandstats')) ?? [];
  return Number(calls ?? 0);
}

function perSecond({ operations, ms }: Work): number {
  return (operations * 1000) / ms;
}
