/**
 * The loop that recorded load is compared with: ioredis and nothing else, no history, no classification. It
 * takes the same lines as lab/workload/client-process.ts, so that the same code drives both.
 */
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { monotonicMs } from '../lab/common/clock.ts';
import type { ClientProcessConfig, FromClients, ToClients } from '../lab/workload/protocol.ts';

let config: ClientProcessConfig | undefined;
let clients: Redis[] = [];
let ok = 0;

function say(type: 'stats' | 'done', startOfRunMs: number): void {
  const line: FromClients = { type, at: monotonicMs() - startOfRunMs, ok, fail: 0, info: 0, byError: {} };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function loop(redis: Redis, key: string, firstId: number): void {
  let id = firstId;
  const next = (): void => {
    redis.sadd(key, id++).then(() => {
      ok++;
      next();
    });
  };
  next();
}

createInterface(process.stdin).on('line', async (line) => {
  if (config === undefined) {
    config = JSON.parse(line) as ClientProcessConfig;
    const { connection } = config;
    if (!('host' in connection)) throw new Error('expected a server, got Sentinels');
    clients = config.clients.map(() => new Redis({ ...connection }));
    await Promise.all(clients.map((redis) => redis.ping()));
    process.stdout.write('{"type":"ready"}\n');
    return;
  }
  const { workload, startOfRunMs } = config;
  const message: ToClients = JSON.parse(line);
  if (message.type === 'start') {
    setInterval(() => say('stats', startOfRunMs), 100);
    for (const [c, redis] of clients.entries())
      for (let i = 0; i < workload.inFlight; i++)
        loop(redis, `${workload.name}:0`, (c * workload.inFlight + i) * 2 ** 32);
  } else {
    say('done', startOfRunMs);
    process.exit(0);
  }
});
