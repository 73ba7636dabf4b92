import type { ProcessRecord, TimingName } from '../../lab/run/record.ts';

/** How long a step of a recovery may take by the run's own settings, from the step that it follows. */
export interface StepBound {
  /** The figure of the step that it is counted from; null: from the fault. */
  after: string | null;
  /** It cannot come sooner. */
  leastMs: number;
  /** The settings explain no more; null where they set no end. */
  mostMs: number | null;
  /** Which settings, in words. */
  because: string;
}

/**
 * Sentinel's periods in ms: as installed (sentinel.c: SENTINEL_PING_PERIOD, SENTINEL_ASK_PERIOD), and those of the
 * lab's short timing, set by `SENTINEL DEBUG` (lab/topology/timing.ts; a test holds them together).
 */
export const sentinelPeriods: Readonly<Record<TimingName, { pingMs: number; askMs: number }>> = {
  fast: { pingMs: 400, askMs: 100 },
  production: { pingMs: 1000, askMs: 1000 },
};

/** Sentinel's timer runs 10 to 19 times a second, at random so that Sentinels fall out of step (sentinel.c, sentinelTimer). */
const tick = { leastMs: 52, mostMs: 100 };
/** During a failover, and while a replica has lost its primary, INFO is asked once a second, whatever the period is (sentinel.c, sentinelSendPeriodicCommands). */
const infoInFailoverMs = 1000;
/** A cluster's own timer (cluster.c, clusterCron). */
const clusterCronMs = 100;
/** Nodes of a cluster are asked for their views so far apart (lab/probes/slot-probe.ts). */
const viewMs = 300;

/** What the settings of a run say about each step of the recovery check, by its figure. Empty where they say nothing. */
export function recoveryBounds({
  processes,
  timing,
}: {
  processes: readonly ProcessRecord[];
  timing: TimingName;
}): Readonly<Record<string, StepBound>> {
  const nodeTimeoutMs = settingOf(processes, 'redis', /^cluster-node-timeout (\d+)/m);
  if (nodeTimeoutMs !== null) return clusterBounds(nodeTimeoutMs, processes);
  const downAfterMs = settingOf(processes, 'sentinel', /^sentinel down-after-milliseconds \S+ (\d+)/m);
  const failoverTimeoutMs = settingOf(processes, 'sentinel', /^sentinel failover-timeout \S+ (\d+)/m);
  return downAfterMs === null
    ? {}
    : sentinelBounds(downAfterMs, failoverTimeoutMs ?? 180_000, timing, processes);
}

/**
 * - sdown: no valid answer for `down-after-milliseconds`. Counted from the last answer where the connection broke, which
 *   was at most a PING period before the fault; from the first PING without one where it fell silent, at most a period
 *   after it (sentinelCheckSubjectivelyDown; the period is `down-after-milliseconds` if that is shorter).
 * - odown: a quorum has to say the same, each by its own clock, and is asked every ask period
 *   (sentinelAskMasterStateToOtherSentinels).
 * - failover: on the next tick; not again within 2 × `failover-timeout` (sentinelStartFailoverIfNeeded).
 * - elected: counted on the next tick at the soonest, votes are asked for every ask period
 *   (sentinelFailoverWaitStart).
 * - promotion: selecting the replica and sending REPLICAOF NO ONE are a tick each (sentinelFailoverStateMachine).
 * - switch: the leader learns of the promotion by the replica's INFO, once a second, and says it on its next tick.
 */
function sentinelBounds(
  downAfterMs: number,
  failoverTimeoutMs: number,
  timing: TimingName,
  processes: readonly ProcessRecord[],
): Record<string, StepBound> {
  const { pingMs, askMs } = sentinelPeriods[timing];
  const periodMs = Math.min(pingMs, downAfterMs);
  const { leastMs, mostMs } = tick;
  return {
    sdownMs: {
      after: null,
      leastMs: downAfterMs - periodMs,
      mostMs: downAfterMs + periodMs + mostMs,
      because: `down-after-milliseconds ${downAfterMs}, from the last answered PING; one every ${periodMs} ms`,
    },
    odownMs: {
      after: 'sdownMs',
      leastMs: 0,
      mostMs: 2 * periodMs + askMs + 2 * mostMs,
      because: `the others count by their own PINGs and are asked every ${askMs} ms`,
    },
    tryFailoverMs: {
      after: 'odownMs',
      leastMs: 0,
      mostMs,
      because: `at once; a further attempt after 2 × failover-timeout (${2 * failoverTimeoutMs} ms)`,
    },
    voteMs: { after: 'tryFailoverMs', leastMs: 0, mostMs, because: 'its own vote, at once' },
    electedMs: {
      after: 'tryFailoverMs',
      leastMs,
      mostMs: askMs + 2 * mostMs,
      because: `votes are asked for every ${askMs} ms and counted on a tick of 52–100 ms`,
    },
    promotionMs: {
      after: 'electedMs',
      leastMs: 2 * leastMs,
      mostMs: 3 * mostMs,
      because: 'choosing a replica and telling it: a tick each',
    },
    switchMs: {
      after: 'promotionMs',
      leastMs,
      mostMs: infoInFailoverMs + 2 * mostMs,
      because: 'seen in the replica’s INFO, once a second in a failover',
    },
    ...clientBounds(processes),
  };
}

/**
 * - pfail: a PING without answer for `cluster-node-timeout`; every node is pinged at least once in half of it
 *   (clusterCron).
 * - fail: a majority of the primaries suspects it, and gossip has told so (markNodeAsFailingIfNeeded).
 * - election: 500 ms, up to 500 more at random, and 1 s for each better replica (clusterHandleSlaveFailover).
 * - promotion: a majority's votes, one round trip.
 * - coverage: the others learn of it by the new primary's PONG to all (clusterBroadcastPong).
 */
function clusterBounds(
  nodeTimeoutMs: number,
  processes: readonly ProcessRecord[],
): Record<string, StepBound> {
  return {
    pfailMs: {
      after: null,
      leastMs: nodeTimeoutMs,
      mostMs: nodeTimeoutMs * 1.5 + 2 * clusterCronMs + viewMs,
      because: `cluster-node-timeout ${nodeTimeoutMs} after a PING without answer; one in half of that at least`,
    },
    failMs: {
      after: 'pfailMs',
      leastMs: 0,
      mostMs: nodeTimeoutMs + 2 * clusterCronMs,
      because: 'a majority of primaries suspects it by its own PINGs; told by gossip',
    },
    electionMs: {
      after: 'failMs',
      leastMs: 500,
      mostMs: 1000 + 2 * clusterCronMs,
      because: 'a replica waits 500 ms and up to 500 more, 1 s more for each better one',
    },
    promotionMs: {
      after: 'electionMs',
      leastMs: 0,
      mostMs: clusterCronMs,
      because: 'the votes of a majority: one round trip',
    },
    coverageMs: {
      after: 'promotionMs',
      leastMs: 0,
      mostMs: viewMs,
      because: `told to all at once; seen when the lab asks, at most ${viewMs} ms later`,
    },
    ...clientBounds(processes),
  };
}

/** A client's own time-outs and delays stand in its configuration; nothing else holds it up. */
function clientBounds(processes: readonly ProcessRecord[]): Record<string, StepBound> {
  const groups = processes.filter(({ kind }) => kind === 'clients');
  const texts = new Set(groups.map(({ configuration }) => clientSettings(configuration)));
  const own = [...texts].filter(Boolean).join('; or ');
  return {
    firstClientMs: {
      after: 'promotionMs',
      leastMs: 0,
      mostMs: null,
      because: `the clients’ time-outs and delays between attempts${groups.length === 0 ? '' : `: ${own === '' ? 'the library’s defaults' : own}`}`,
    },
    lastClientMs: { after: 'firstClientMs', leastMs: 0, mostMs: null, because: 'the same, of the slowest' },
  };
}

/** What of a group's library is not as installed: `commandTimeout 500, retryDelay {"minMs":50,"maxMs":200}`. */
function clientSettings(configuration: string): string {
  try {
    const { redis } = JSON.parse(configuration) as { redis?: Record<string, unknown> };
    return Object.entries(redis ?? {})
      .map(
        ([name, value]) =>
          `${name} ${
            typeof value === 'string'
              ? value
              : JSON.stringify(value)
                  .replace(/["{}]/g, '')
                  .replace(/([:,])/g, '$1 ')
          }`,
      )
      .join(', ');
  } catch {
    return '';
  }
}

function settingOf(
  processes: readonly ProcessRecord[],
  kind: ProcessRecord['kind'],
  pattern: RegExp,
): number | null {
  // A later line of a configuration overrides an earlier one.
  const global = new RegExp(pattern.source, `${pattern.flags}g`);
  for (const process of processes) {
    if (process.kind !== kind) continue;
    const last = [...process.configuration.matchAll(global)].at(-1)?.[1];
    if (last !== undefined) return Number(last);
  }
  return null;
}
