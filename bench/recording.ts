import { sleep } from '../lab/common/clock.ts';
import { addToSet } from '../lab/workload/spec.ts';
import { TestClients } from '../lab/workload/test-clients.ts';
import { type TestServer, TestServers } from '../lab/workload/test-servers.ts';
import type { Figure } from './figure.ts';

const warmUpMs = 700;
const measuredMs = 1500;
const workload = addToSet({ name: 'bench', clients: 8, inFlight: 4 });

/**
 * What recording costs: operations per second of the lab's client process ÷ those of a bare ioredis loop, both
 * through one Toxiproxy to one Redis, closed loop, 8 clients with 4 operations each. Each sample compares two
 * turns of each, in the order recorded, plain, plain, recorded, so that what else the machine does hits both alike.
 */
export async function recording(runs = 5): Promise<Figure[]> {
  const ratios: number[] = [];
  const recorded: number[] = [];
  for (let run = 0; run < runs; run++) {
    const rates = { recorded: 0, plain: 0 };
    for (const kind of ['recorded', 'plain', 'plain', 'recorded'] as const)
      rates[kind] += (await operationsPerSecond(kind)) / 2;
    ratios.push(rates.recorded / rates.plain);
    recorded.push(rates.recorded);
  }
  return [
    {
      name: 'recorded load ÷ the same loop without history',
      unit: 'ratio',
      samples: ratios,
      bar: { min: 0.85 },
    },
    { name: 'recorded load', unit: 'operations/s', samples: recorded, bar: {} },
  ];
}

async function operationsPerSecond(kind: 'recorded' | 'plain'): Promise<number> {
  const servers = new TestServers();
  try {
    const redis = await servers.redis();
    const proxied: TestServer = await servers.toxiproxy(redis);
    const plain = new URL('plain-loop.ts', import.meta.url);
    const clients = new TestClients(servers, workload, proxied, {
      nodes: { [proxied.address]: 'redis-1' },
      ...(kind === 'plain' ? { entry: plain } : {}),
    });
    await clients.started();
    await sleep(warmUpMs);
    const from = await clients.line('stats');
    await sleep(measuredMs);
    const to = await clients.line('stats');
    await clients.stopped();
    return ((to.ok - from.ok) * 1000) / (to.at - from.at);
  } finally {
    await servers.end();
  }
}
