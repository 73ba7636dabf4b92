import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { algorithmOf, type Policy } from '../lab/app/limits/algorithms.ts';
import { redisLimiter } from '../lab/app/limits/redis-limiter.ts';
import { monotonicMs } from '../lab/common/clock.ts';
import { TestServers } from '../lab/workload/test-servers.ts';
import type { Figure } from './figure.ts';
import { limitsChecker } from './limits-checker.ts';

const sliceMs = 150;
const slicesEach = 12;
const concurrency = 64;
const keyCount = 1000;

/** Limits at which about half of what a slice asks is admitted: admissions write, refusals do not, but for the fixed window's. */
const policies: readonly { policy: Policy; bar: number }[] = [
  { policy: { algorithm: 'fixed-window', limit: 20, windowMs: 1000 }, bar: 0.5 },
  { policy: { algorithm: 'sliding-log', limit: 20, windowMs: 1000 }, bar: 0.25 },
  { policy: { algorithm: 'sliding-counter', limit: 20, windowMs: 1000 }, bar: 0.5 },
  { policy: { algorithm: 'token-bucket', capacity: 20, perSecond: 20 }, bar: 0.5 },
  { policy: { algorithm: 'leaky-bucket', capacity: 20, perSecond: 20 }, bar: 0.5 },
];

/** Asks once about a key. */
type Ask = (key: string) => Promise<unknown>;

/** Answers and the milliseconds in which they came. */
interface Contender {
  ask: Ask;
  answers: number;
  ms: number;
}

/**
 * Decisions per second, each limiter beside a bare GET, and the fixed window beside rate-limiter-flexible's (the one
 * algorithm that it has on Redis): one ioredis connection, 64 requests under way, 1,000 keys, a Redis of its own on
 * loopback. All take turns in slices of 150 ms, so that what else the machine does hits them alike. `admits all`
 * is the same with a limit that nothing reaches, where every decision writes.
 */
export async function limits(runs = 5): Promise<Figure[]> {
  const figures = new Map<string, Figure>();
  const add = (name: string, unit: string, value: number, bar: Figure['bar']) => {
    const figure = figures.get(name) ?? { name, unit, samples: [], bar };
    figure.samples.push(value);
    figures.set(name, figure);
  };
  for (let run = 0; run < runs; run++) {
    const rates = await inTurns();
    const get = rates.get('GET') ?? Number.NaN;
    add('a bare GET', 'answers/s', get, {});
    for (const { policy, bar } of policies)
      for (const name of [policy.algorithm, `${policy.algorithm}, admits all`])
        add(`limiter ${name} ÷ GET`, 'ratio', (rates.get(name) ?? Number.NaN) / get, { min: bar });
    for (const name of ['fixed-window', 'fixed-window, admits all']) {
      const ours = rates.get(name) ?? Number.NaN;
      const theirs = rates.get(`rate-limiter-flexible, ${name}`) ?? Number.NaN;
      add(`limiter ${name} ÷ rate-limiter-flexible`, 'ratio', ours / theirs, { min: 1 });
    }
  }
  return [...figures.values(), ...limitsChecker(runs)];
}

/** Answers per second of everybody, by name. */
async function inTurns(): Promise<Map<string, number>> {
  const servers = new TestServers();
  const server = await servers.redis();
  const redis = new Redis(server.port, server.host);
  try {
    const contenders = contendersOn(redis);
    for (const { ask } of contenders.values()) await slice(ask);
    for (let turn = 0; turn < slicesEach; turn++) {
      const all = [...contenders.values()];
      for (const contender of turn % 2 === 0 ? all : all.toReversed()) {
        const { answers, ms } = await slice(contender.ask);
        contender.answers += answers;
        contender.ms += ms;
      }
    }
    return new Map([...contenders].map(([name, { answers, ms }]) => [name, (answers * 1000) / ms]));
  } finally {
    redis.disconnect();
    await servers.end();
  }
}

function contendersOn(redis: Redis): Map<string, Contender> {
  const contenders = new Map<string, Contender>();
  const add = (name: string, ask: Ask) => contenders.set(name, { ask, answers: 0, ms: 0 });
  add('GET', (key) => redis.get(key));
  const plenty = 1_000_000;
  for (const { policy } of policies) {
    const limiter = redisLimiter(redis, algorithmOf(policy));
    add(policy.algorithm, (key) => limiter.decide(`some/${key}`));
    const generous: Policy =
      'limit' in policy ? { ...policy, limit: plenty } : { ...policy, capacity: plenty, perSecond: plenty };
    const open = redisLimiter(redis, algorithmOf(generous));
    add(`${policy.algorithm}, admits all`, (key) => open.decide(`all/${key}`));
  }
  for (const [name, points] of [
    ['fixed-window', 20],
    ['fixed-window, admits all', plenty],
  ] as const) {
    const theirs = new RateLimiterRedis({ storeClient: redis, points, duration: 1, keyPrefix: name });
    // It rejects with its answer when it refuses; anything else is an error.
    const ask: Ask = (key) =>
      theirs.consume(key).catch((refusal: unknown) => {
        if (refusal instanceof Error) throw refusal;
      });
    add(`rate-limiter-flexible, ${name}`, ask);
  }
  return contenders;
}

async function slice(ask: Ask): Promise<{ answers: number; ms: number }> {
  const from = monotonicMs();
  const until = from + sliceMs;
  let answers = 0;
  let turn = 0;
  const client = async () => {
    while (monotonicMs() < until) {
      await ask(`client-${turn++ % keyCount}`);
      answers++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return { answers, ms: monotonicMs() - from };
}
