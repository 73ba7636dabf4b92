import type { Moment } from '../checkers/availability.ts';
import type { CheckSpec } from '../checkers/checker.ts';

/** Common to all: a name of its own, by which expectations refer to the check. Default: the checker's name. */
type Named = { name?: string };

/** Which clients count: those of one workload, by its name. Default: all that the checker understands. */
type Scope = Named & { group?: string };

/** Which keys, within the group. Default: all. */
type Keys = Scope & { keys?: readonly string[] };

const spec =
  <O extends Readonly<Record<string, unknown>>>(checker: string) =>
  (options?: O): CheckSpec => ({ checker, options: { ...options } });

/** What can be checked: one factory for each checker, as data that a run folder keeps. Options: see the checkers' own files. */
export const checks = {
  /** No acknowledged add is lost, nothing unexpected is there; every lost id is attributed to a cause. */
  set: spec<Keys>('set'),
  /** Reads of versioned registers: not stale, never going back, own writes seen. */
  register: spec<Keys & { properties?: readonly string[] }>('register'),
  /** Counters: acknowledged ≤ final ≤ attempted. */
  counter: spec<Keys>('counter'),
  /** The steps from a fault (its id or name; default the first) to the last client's recovery. */
  recovery: spec<
    Scope & { fault?: string; mustRecoverWithinMs?: number; mustNotFailOver?: boolean; gapMs?: number }
  >('recovery'),
  /** Which of a cluster's slots somebody served when, and how long clients had to do without each shard. */
  slotCoverage: spec<
    Scope & {
      maxUncoveredMs?: number;
      minCoveredShare?: number;
      minAvailableShare?: number;
      maxTwoOwnersMs?: number;
      gapMs?: number;
    }
  >('slot-coverage'),
  /** How often a cluster's clients were sent on before an operation ended; `budget` is their `maxRedirections`. */
  redirects: spec<
    Scope & { maxRedirects?: number; maxMeanRedirects?: number; maxExhausted?: number; budget?: number }
  >('redirects'),
  /** Outages as clients felt them. `after`: a time in ms, `promotion`, its `announcement`, or `heal`. */
  availability: spec<
    Scope & {
      maxOutageMs?: number;
      minAvailableShare?: number;
      gapMs?: number;
      after?: number | Moment;
    }
  >('availability'),
  /** Who was logged out and why, who was accepted after a logout, who was taken for somebody else. */
  sessions: spec<
    Scope & { staleMs?: number; ttlMs?: number; epsilonMs?: number; properties?: readonly string[] }
  >('sessions'),
  /** Orders: acknowledged ones are processed, once, in time; each lost one is attributed to a cause. `nodes`: those of the queue's Redis. */
  jobs: spec<
    Scope & {
      nodes?: readonly string[];
      maxLost?: number;
      mayLose?: readonly string[];
      maxDuplicates?: number;
      maxDelayMs?: number;
    }
  >('jobs'),
  /** New connections at once, by the servers' own count; `maxPeakShare` of the clients within `windowMs`. */
  connections: spec<Scope & { nodes?: readonly string[]; windowMs?: number; maxPeakShare?: number }>(
    'connections',
  ),
  /** Conversations: of each no more turns are lost than stated, in order, once, and recalls show them. */
  conversations: spec<Keys & { maxLostPerConversation?: number }>('conversations'),
  /** Cached products: how old what users were shown was, and which acknowledged updates the database lost. */
  cache: spec<Keys & { maxStaleMs?: number; ttlMs?: number; properties?: readonly string[] }>('cache'),
  /** Database queries that a miss cost, per key and epoch, and the database's peak beside its normal rate. */
  stampede: spec<
    Named & {
      keys?: readonly string[];
      epochMs?: number;
      maxFillsPerEpoch?: number;
      statement?: string;
      windowMs?: number;
      fault?: string;
      baselineMs?: number;
      warmUpMs?: number;
      maxPeakRatio?: number;
      maxPeakToMean?: number;
      countTolerance?: number;
    }
  >('stampede'),
  /** Whether the run proves anything: faults bit, enough load, enough writes while it was broken. */
  vacuity: spec<
    Scope & {
      minimumRatePerSecond?: number;
      minimumWritesInWindow?: number;
      minimumAttemptsInWindow?: number;
      faultsExpected?: boolean;
    }
  >('vacuity'),
  /** Errors that users saw and how long they waited, during faults (with `recoveryMs` after each) and without. */
  users: spec<
    Scope & {
      operations?: readonly string[];
      fault?: string;
      recoveryMs?: number;
      maxErrorShare?: number;
      maxErrorShareInFault?: number;
      p99Ms?: number;
      p99InFaultMs?: number;
    }
  >('users'),
  /**
   * A rate limit against its definition: admitted in excess or refused without reason, doubled counts, keys refused for
   * ever, time without Redis. `limit` and `windowMs` for windows, `capacity` and `perSecond` for buckets.
   */
  limits: spec<
    Scope & {
      policy: string;
      algorithm: 'fixed-window' | 'sliding-log' | 'sliding-counter' | 'token-bucket' | 'leaky-bucket';
      limit?: number;
      windowMs?: number;
      capacity?: number;
      perSecond?: number;
      maxOverAdmitted?: number;
      maxUnderAdmitted?: number;
      mayFailOpen?: boolean;
      maxFailOpenMs?: number;
      maxFailClosedMs?: number;
      startedAtUnixMs?: number;
      graceMs?: number;
      toleranceUs?: number;
    }
  >('limits'),
  /** Whether work under locks was one holder's at a time: steps that the resource took after one of a later holder. */
  locks: spec<Scope>('locks'),
  /** How high a gauge of the application or its database was: `redis_waiting_commands`, `active_connections`. */
  level: spec<Named & { metric: string; role?: string; max?: number }>('level'),
  /**
   * Whether the machine kept up with a run at another speed than real time's, which every such run is asked: for a claim
   * that needs less than a tenth (`worstMs`) and a hundredth (`usualMs`, 99 of 100) of the shortest silence that decides.
   */
  pace: spec<Named & { decidingMs?: number; worstMs?: number; usualMs?: number; maxBusyShare?: number }>(
    'pace',
  ),
  /** k6's thresholds of a load (`group`, its workload's name; default: of all loads). */
  thresholds: spec<Scope>('thresholds'),
  /** The application's own count of its database queries is the server's. */
  queryCounts: spec<Named & { maxShare?: number }>('query-counts'),
} as const;
