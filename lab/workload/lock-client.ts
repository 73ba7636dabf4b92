import { randomUUID } from 'node:crypto';
import { sleep } from '../common/clock.ts';
import type { Prng } from '../common/prng.ts';
import type { Outcome } from '../history/operation.ts';
import { classify } from './classify.ts';
import type { Done } from './client.ts';
import type { ServerConnection } from './connection.ts';
import type { GuardedResource } from './guarded-resource.ts';
import type { Operations } from './operations.ts';
import type { LockWorkload } from './workload.ts';

/** How many steps the work under a lock has. */
const STEPS = 20;

/** Takes the lock where nobody has it, and then gives a token that is higher than those before. */
const ACQUIRE = `if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return redis.call('INCR', KEYS[2]) end
return 0`;
/** Gives it back, if it is still the own one (the pattern of Redis' documentation). */
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/** What a client of locks is made of. */
export interface LockClientParts {
  /** Index in the run's table of clients. */
  index: number;
  workload: LockWorkload;
  random: Prng;
  connection: ServerConnection;
  resource: GuardedResource;
  operations: Operations;
}

/**
 * One client that takes a lock, works under it for as long as it meant to, and gives it back: `acquire` (its value is the
 * token; `held` where somebody else has it), several `guard` (a step of the work; `stale-token` where the resource
 * refused it, which ends the work) and `release`. It never asks whether it still holds the lock: no answer would be true
 * for longer than it is under way.
 */
export class LockClient {
  private readonly parts: LockClientParts;

  constructor(parts: LockClientParts) {
    this.parts = parts;
  }

  /** Begins with taking the lock, `invoked` ms after the run's start; done when it has been given back, or was not had. */
  issue(invoked: number, done: Done): void {
    void this.work(invoked).then(({ ok, completed }) => done(ok, completed));
  }

  private async work(invoked: number): Promise<{ ok: boolean; completed: number }> {
    const { index, workload, random, resource, operations } = this.parts;
    const key = `${workload.name}:${random.integer(workload.keys)}`;
    const holder = randomUUID();
    const token = await this.run('acquire', key, invoked, [
      ACQUIRE,
      2,
      key,
      `${key}:token`,
      holder,
      workload.leaseMs,
    ]);
    if (!(token > 0)) return { ok: false, completed: operations.now() };
    // Of different lengths, so that holders of several locks do not go in step.
    const holdMs = workload.holdMs * (0.5 + random.next());
    for (let step = 0; step < STEPS; step++) {
      const begun = operations.now();
      const operation = operations.begin(index, { f: 'guard', key, value: token }, begun);
      const accepted = resource.write(key, holder, token);
      operations.end(operation, accepted ? 'ok' : 'fail', null, accepted ? null : 'stale-token');
      if (!accepted) break;
      await sleep(holdMs / STEPS);
    }
    await this.run('release', key, operations.now(), [RELEASE, 1, key, holder]);
    return { ok: true, completed: operations.now() };
  }

  /** Runs a script and records it; its number, 0 for a refusal, NaN where nobody knows. */
  private async run(
    f: 'acquire' | 'release',
    key: string,
    invoked: number,
    [script, keys, ...args]: readonly [string, number, ...(string | number)[]],
  ): Promise<number> {
    const { index, connection, operations } = this.parts;
    const operation = operations.begin(index, { f, key, value: null }, invoked);
    const carrier = connection.firstCarrier();
    const end = (outcome: Outcome, error: string | null) =>
      operations.end(operation, outcome, error === null ? connection.node : null, error);
    try {
      const answer = Number(await connection.redis.eval(script, keys, ...args));
      if (answer > 0 && f === 'acquire') operation.value = answer;
      end(answer > 0 ? 'ok' : 'fail', answer > 0 ? null : f === 'acquire' ? 'held' : 'not-held');
      return answer;
    } catch (error) {
      const { outcome, error: name } = classify(error, connection.written(carrier));
      end(outcome, name);
      return Number.NaN;
    }
  }
}
