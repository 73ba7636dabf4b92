import { Redis } from 'ioredis';
import { Counter, Gauge } from 'prom-client';
import type { AppContext } from '../context.ts';
import { acknowledgedLimiter, UnacknowledgedError } from './acknowledged-limiter.ts';
import { algorithmOf, type Policy } from './algorithms.ts';
import { type Circuits, circuits } from './circuits.ts';
import { limitKey } from './limit-key.ts';
import type { Algorithm, Decision, Limiter } from './limiter.ts';
import { localLimiter } from './local-limiter.ts';
import { redisKey, redisLimiter } from './redis-limiter.ts';
import { twoStepWindow } from './two-step-window.ts';
import { unixUs } from './unix-clock.ts';

/** Who decided: Redis, this instance's own count, or the settings alone: everybody gets in, or nobody does. */
export type DecidedBy = 'redis' | 'local' | 'open' | 'closed';

export interface Judgement extends Decision {
  by: DecidedBy;
}

/** One policy, enforced whether Redis is there or not. */
export interface PolicyGuard {
  name: string;
  algorithm: Algorithm;
  /** Never rejects. `client` is who is limited, as it comes from outside. */
  judge(client: string): Promise<Judgement>;
}

/** The guards of all policies by name. They share one connection, and one opinion about whether a server is away. */
export function policyGuards(context: AppContext): ReadonlyMap<string, PolicyGuard> {
  const { policies, resend } = context.config.limits;
  const names = Object.entries(policies);
  if (names.length === 0) return new Map();
  const redis = context.redis('limits', { purpose: 'limits', client: { resend } });
  // Until its first attempt to connect has ended, well or not, an instance would decide without Redis for no reason.
  let isConnecting = true;
  for (const end of ['ready', 'close'] as const) redis.once(end, () => (isConnecting = false));
  context.onReady('limits', async () => (isConnecting ? 'connecting to redis.limits' : null));
  const decisions = new Counter({
    name: 'app_limit_decisions_total',
    help: 'Decisions about requests, by policy, result (admitted, refused), and who decided (redis, local, open, closed).',
    labelNames: ['policy', 'result', 'by'],
    registers: [context.metrics],
  });
  const away = circuits(redis);
  new Gauge({
    name: 'app_limit_redis_away',
    help: 'How many servers count as away and are asked only now and then: 0 or 1, or as many as a cluster has primaries.',
    registers: [context.metrics],
    collect() {
      this.set(away.open);
    },
  });
  const guardOf = (name: string, policy: Policy): PolicyGuard => {
    const algorithm = algorithmOf(policy);
    const limiter = remote(context, redis, policy, algorithm);
    const judge = guarded(context, limiter, algorithm, away);
    return {
      name,
      algorithm,
      async judge(client) {
        const judgement = await judge(limitKey(name, client));
        const result = judgement.admitted ? 'admitted' : 'refused';
        decisions.inc({ policy: name, result, by: judgement.by });
        return judgement;
      },
    };
  };
  return new Map(names.map(([name, policy]) => [name, guardOf(name, policy)]));
}

/** The limiter on Redis that the settings ask for. */
function remote(
  { config }: AppContext,
  redis: ReturnType<AppContext['redis']>,
  policy: Policy,
  algorithm: Algorithm,
): Limiter {
  const { atomic, clock, acknowledgedBy: replicas, acknowledgeWithinMs: withinMs } = config.limits;
  const inTwoSteps = !atomic && policy.algorithm === 'fixed-window';
  const limiter = inTwoSteps ? twoStepWindow(redis, policy) : redisLimiter(redis, algorithm, clock);
  if (replicas === 0) return limiter;
  if (!(redis instanceof Redis))
    throw new Error(
      `limits.acknowledgedBy: expected 0 where redis.limits is a cluster (WAIT goes to one server), got ${replicas}`,
    );
  return acknowledgedLimiter(limiter, redis, { replicas, withinMs });
}

function guarded({ config, log }: AppContext, limiter: Limiter, algorithm: Algorithm, circuits: Circuits) {
  const { whenAway, localShare, localEntries } = config.limits;
  const local = localLimiter(algorithm, localShare, localEntries);

  const withoutRedis = async (key: string): Promise<Judgement> => {
    if (whenAway === 'local') return { ...(await local.decide(key)), by: 'local' };
    const admitted = whenAway === 'open';
    // What remains and when it changes nobody knows: none is promised, and a second is a fair time to come back.
    return { admitted, remaining: 0, resetUs: 1_000_000, atUs: unixUs(), by: whenAway };
  };

  return async (key: string): Promise<Judgement> => {
    const away = circuits.of(redisKey(key, algorithm.tag));
    if (!away.mayAsk()) return withoutRedis(key);
    const wasOpen = away.isOpen;
    try {
      const decision = await limiter.decide(key);
      away.answered();
      if (wasOpen) log.info('limits: redis decides again');
      return { ...decision, by: 'redis' };
    } catch (error) {
      if (error instanceof UnacknowledgedError) {
        // It was counted, but the count may not survive a failover.
        away.answered();
        log.debug({ reason: error.message }, 'limits: an admission was not acknowledged');
        return { ...error.decision, admitted: false, by: 'closed' };
      }
      away.failed();
      if (away.isOpen && !wasOpen) log.warn({ reason: String(error), whenAway }, 'limits: redis is away');
      return withoutRedis(key);
    }
  };
}
