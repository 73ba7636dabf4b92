import { validateWorkload } from './validate.ts';
import type {
  CounterWorkload,
  LockWorkload,
  Rate,
  RedisWorkload,
  RegisterWorkload,
  SetWorkload,
} from './workload.ts';

export type { Journey, JourneyOptions, Stage } from './load/journeys.ts';
export type { LoadWorkload } from './load/load-workload.ts';
export { type UsersOptions, users } from './load/users.ts';
export type { NodeRedisOptions } from './node-redis-options.ts';
export type { ClientOptions, Delay } from './redis-options.ts';
export type {
  CounterWorkload,
  KeySlots,
  LockWorkload,
  Rate,
  RedisWorkload,
  RegisterWorkload,
  SetWorkload,
  WaitOptions,
  Workload,
} from './workload.ts';

/** What a factory takes: the name, and whatever is to differ from the defaults. */
export type WorkloadOptions<W extends RedisWorkload> = { name: string } & Partial<Omit<W, 'kind' | 'name'>>;

const defaults = {
  clients: 4,
  on: 'client-1',
  rate: 'closed-loop' as Rate,
  inFlight: 1,
  pauseAfterErrorMs: 10,
  pauseMs: 0,
  redis: {},
  wait: null,
};

/**
 * Unique ids added to sets. Defaults: 4 clients on `client-1`, closed loop, one operation each, ioredis' own
 * options, no WAIT, 1 key. Throws UsageError on options that do not exist or make no sense.
 */
export function addToSet(options: WorkloadOptions<SetWorkload>): SetWorkload {
  return checked({ ...defaults, keys: 1, ...options, kind: 'set' });
}

/** Versioned registers, written and read. Defaults as addToSet, but one key a client, half of the operations reads, from the primary. */
export function versionedRegisters(options: WorkloadOptions<RegisterWorkload>): RegisterWorkload {
  const keys = options.clients ?? defaults.clients;
  return checked({ ...defaults, keys, readFrom: 'primary', readShare: 0.5, ...options, kind: 'registers' });
}

/** Counters, incremented. Defaults as addToSet. */
export function counters(options: WorkloadOptions<CounterWorkload>): CounterWorkload {
  return checked({ ...defaults, keys: 1, ...options, kind: 'counters' });
}

/**
 * Locks with a lease, and work under them. Defaults as addToSet, but 50 ms between tries, a lease of 10 s, work of
 * 1 s, and nobody who looks at the fencing tokens.
 */
export function locks(options: WorkloadOptions<LockWorkload>): LockWorkload {
  const own = { keys: 1, pauseAfterErrorMs: 50, leaseMs: 10_000, holdMs: 1000, fenced: false };
  return checked({ ...defaults, ...own, ...options, kind: 'locks' });
}

function checked<W extends RedisWorkload>(workload: W): W {
  validateWorkload(workload, `workload ${JSON.stringify(workload.name)}`);
  return workload;
}
