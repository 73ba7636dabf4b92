import { LabError, messageOf } from '../common/errors.ts';
import { until } from '../common/until.ts';
import { whatPrimaryLacks } from './primary-ready.ts';
import { isAlive, type SentinelOpinion, type SentinelView } from './sentinel-view.ts';
import type { TopologyNode } from './topology.ts';

const BAD_FLAGS = ['s_down', 'o_down', 'disconnected', 'failover_in_progress', 'master_down'];

/**
 * Waits until the group is whole: one primary on which all running Sentinels agree, every other running data
 * node online as its replica and following what is written, every Sentinel with live connections to the primary, to every replica and to every
 * other Sentinel, and a write that the primary accepts. LabError names what is missing when the time is up.
 */
export async function sentinelReady(
  view: SentinelView,
  withinMs: number,
  signal?: AbortSignal,
): Promise<void> {
  let missing = 'an answer of the Sentinels';
  try {
    await until(
      async () => {
        missing = await whatIsMissing(view);
        return missing === '';
      },
      { what: 'the Sentinel group', withinMs, everyMs: 8, ...(signal ? { signal } : {}) },
    );
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new LabError(
      `the Sentinel group was not whole within ${withinMs} ms: ${missing} (${messageOf(error)})`,
      {
        cause: error,
      },
    );
  }
}

async function whatIsMissing(view: SentinelView): Promise<string> {
  const opinions = await Promise.all(view.alive().map((sentinel) => view.opinion(sentinel)));
  const primary = opinions[0]?.primary ?? null;
  if (primary === null) return `${opinions[0]?.sentinel.name ?? 'a Sentinel'} names a primary`;
  const replicas = view.data.filter((node) => isAlive(node) && node !== primary);
  for (const opinion of opinions) {
    const missing = whatOpinionLacks(opinion, primary, replicas, opinions.length - 1);
    if (missing !== '') return missing;
  }
  return whatPrimaryLacks(primary, replicas.length);
}

function whatOpinionLacks(
  opinion: SentinelOpinion,
  primary: TopologyNode,
  replicas: readonly TopologyNode[],
  otherSentinels: number,
): string {
  const who = opinion.sentinel.name;
  if (opinion.primary !== primary)
    return `${who} names ${opinion.primary?.name ?? 'nobody'}, not ${primary.name}`;
  const bad = opinion.flags.find((flag) => BAD_FLAGS.includes(flag));
  if (bad !== undefined) return `${who} sees ${primary.name} as ${bad}`;
  for (const replica of replicas) {
    const entry = opinion.replicas.find((known) => known.node === replica);
    if (entry === undefined) return `${who} knows ${replica.name}`;
    const flag = entry.flags.find((one) => BAD_FLAGS.includes(one));
    if (flag !== undefined) return `${who} sees ${replica.name} as ${flag}`;
    if (!entry.linkOk) return `${who} sees ${replica.name} linked to its primary`;
  }
  const others = opinion.sentinels.filter(
    (entry) =>
      entry.node !== null && isAlive(entry.node) && !entry.flags.some((flag) => BAD_FLAGS.includes(flag)),
  );
  if (others.length < otherSentinels)
    return `${who} knows ${otherSentinels} other Sentinels, not ${others.length}`;
  return '';
}
