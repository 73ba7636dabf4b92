import type { Redis } from 'ioredis';
import type { Decision, Limiter } from './limiter.ts';

/** An admission of which too few replicas are known to have the count. It was counted; nobody should be let in on it. */
export class UnacknowledgedError extends Error {
  override name = 'UnacknowledgedError';
  readonly decision: Decision;

  constructor(decision: Decision, expected: number, got: string) {
    super(`expected ${expected} replicas to have the count, ${got}`);
    this.decision = decision;
  }
}

/** Asks once for all that were sent before it. */
interface Question {
  sent: number;
  replicas: Promise<number>;
}

/**
 * Gives an admission only once `replicas` replicas have its count (WAIT). WAIT speaks of what its own connection has
 * written, so an answer that came over another connection than the admission proves nothing: on the new primary it
 * would be "all of them" at once. Rejects with UnacknowledgedError.
 */
export function acknowledgedLimiter(
  limiter: Limiter,
  redis: Redis,
  { replicas, withinMs }: { replicas: number; withinMs: number },
): Limiter {
  let connection = 0;
  let sent = 0;
  let asked: Question | null = null;
  redis.on('connect', () => connection++);

  const ask = (decisionSent: number): Promise<number> => {
    if (asked !== null && decisionSent <= asked.sent) return asked.replicas;
    const question: Question = { sent, replicas: redis.wait(replicas, withinMs) };
    asked = question;
    const settled = () => {
      if (asked === question) asked = null;
    };
    question.replicas.then(settled, settled);
    return question.replicas;
  };

  return {
    async decide(key) {
      const mine = ++sent;
      const on = connection;
      const decision = await limiter.decide(key);
      if (!decision.admitted) return decision;
      const refuse = (got: string) => new UnacknowledgedError(decision, replicas, got);
      const have = await ask(mine).catch((error: Error) => {
        throw refuse(`WAIT failed: ${error.message}`);
      });
      if (on !== connection) throw refuse('the connection was lost before they were asked');
      if (have < replicas) throw refuse(`${have} have it after ${withinMs} ms`);
      return decision;
    },
  };
}
