import type { LabEvent, Observations } from '../../../lab/history/observations.ts';
import { eventMeaning } from '../words.ts';

/** Something that Sentinel or Redis decided, or that happened to a process: once, whoever reports it. */
export interface Decision {
  /** When the first of those who report it did. */
  at: number;
  kind: string;
  /** What it means, with the node's name. */
  text: string;
  /** Who reports it, where the text does not say so, and how much later than the first, in ms. */
  by: readonly { source: string; laterMs: number }[];
}

/** The same reported again within so many ms is one decision; later it is a second one (a Sentinel that was cut off). */
const sameWithinMs = 1000;

/** What is said of an event, and of whom; `subjects` are the nodes that did the same at the same time. */
interface Wording {
  text(subjects: readonly string[]): string;
  /** The node that reports its own doing; undefined where somebody reports about others. */
  self?: string;
}

/** Everything that was decided once the load ran, oldest first. */
export function decisionsOf(seen: Observations): Decision[] {
  const inOrder = seen.events.toSorted((a, b) => a.at - b.at);
  const groups: { first: LabEvent; wording: Wording; all: LabEvent[] }[] = [];
  const latest = new Map<string, (typeof groups)[number]>();
  const primaryOf = new Map<string, string>();
  for (const event of inOrder) {
    if (event.kind === 'replica-of') primaryOf.set(event.source, String(event.data?.primary ?? ''));
    const wording = wordingOf(event, primaryOf);
    if (wording === undefined || event.at < seen.loadWindow.from) continue;
    const key = `${event.kind} ${wording.text([''])}`;
    // Down and sound again within a second are two decisions, and down once more a third.
    if (event.kind === 'cluster-state')
      for (const open of latest.keys())
        if (open.startsWith('cluster-state ') && open !== key) latest.delete(open);
    const open = latest.get(key);
    if (open !== undefined && event.at - open.first.at <= sameWithinMs) {
      open.all.push(event);
      continue;
    }
    const group = { first: event, wording, all: [event] };
    latest.set(key, group);
    groups.push(group);
  }
  return groups.map(({ first, wording, all }) => {
    const sources = [...new Map(all.toReversed().map((event) => [event.source, event])).values()].sort(
      (a, b) => a.at - b.at,
    );
    return {
      at: first.at,
      kind: first.kind,
      text: wording.text(sources.map(({ source }) => source)),
      by:
        wording.self === undefined
          ? sources.map(({ source, at }) => ({ source, laterMs: at - first.at }))
          : [],
    };
  });
}

/** Kinds whose node is what they are about; of the others the node is only the primary that they began with. */
const aboutNode = /^([+-][so]down|\+promoted-slave|\+convert-to-slave|\+reboot)$/;

function wordingOf(
  { kind, source, text, data }: LabEvent,
  primaryOf: ReadonlyMap<string, string>,
): Wording | undefined {
  if (kind === 'resync') return resync(source, text, primaryOf.get(source));
  if (kind === 'process') return { self: source, text: () => text };
  if (kind === 'promotion')
    return {
      self: source,
      text: (nodes) => `${nodes.join(', ')} ${nodes.length > 1 ? 'have' : 'has'} become primary`,
    };
  const decided = ofCluster(kind, data);
  if (decided !== undefined)
    return typeof decided === 'string' ? { text: () => decided } : { self: source, ...decided };
  const meaning = eventMeaning(kind);
  // What a Sentinel thinks of replicas and of other Sentinels stands in the table.
  if (meaning === undefined || (/^[+-][so]down$/.test(kind) && (data?.instance ?? 'master') !== 'master'))
    return undefined;
  const node = data?.newPrimary ?? (aboutNode.test(kind) ? data?.node : undefined);
  return { text: () => (node === undefined || node === '' ? meaning : `${meaning}: ${node}`) };
}

/** Why a replica cannot take over, where it is more than that it has to wait its turn. */
const hindrances: readonly [RegExp, string][] = [
  [/Disconnected from (master|primary)/, 'its data is too old (cluster-replica-validity-factor)'],
  [/expired/, 'its election got no majority in time'],
];

/** What nodes of a cluster decide: about another, in words, or each for itself. */
function ofCluster(kind: string, data: LabEvent['data']): string | Pick<Wording, 'text'> | undefined {
  if (kind === 'pfail') return `${data?.node} is suspected (PFAIL)`;
  if (kind === 'fail') return `${data?.node} is declared failing (FAIL)`;
  if (kind === 'fail-cleared') return `${data?.node} is no longer held for failing`;
  if (kind === 'cluster-state')
    return data?.state === 'ok' ? 'the cluster is sound again' : 'the cluster is down (CLUSTERDOWN)';
  const own = ofNode(kind, data);
  return own === undefined ? undefined : { text: (nodes) => `${nodes.join(', ')} ${own}` };
}

/** What a node of a cluster says of itself. */
function ofNode(kind: string, data: LabEvent['data']): string | undefined {
  if (kind === 'election-started') return `asks for votes in epoch ${data?.epoch}`;
  if (kind === 'manual-failover' && data?.step === 'accepted')
    return 'was told to take over (CLUSTER FAILOVER)';
  if (kind === 'manual-failover' && data?.step === 'timed-out')
    return 'did not take over in time, as it was told to (CLUSTER FAILOVER)';
  if (kind === 'replica-of' && data?.orphaned === true)
    return `moves to ${data?.primary}, which had no replica left`;
  const why = hindrances.find(([pattern]) => pattern.test(String(data?.why)))?.[1];
  return kind === 'failover-blocked' && why !== undefined ? `cannot take over: ${why}` : undefined;
}

/** A replica's own lines about its copy; the primary's side of it, and details, stand in the table. */
function resync(source: string, text: string, primary: string | undefined): Wording | undefined {
  const from = primary === undefined || primary === '' ? 'its primary' : primary;
  if (text.startsWith('Full resync from'))
    return {
      self: source,
      text: (nodes) =>
        `${nodes.join(', ')} ${nodes.length > 1 ? 'take' : 'takes'} a full copy from ${from} and ${nodes.length > 1 ? 'throw their' : 'throws its'} own data away`,
    };
  if (text.startsWith('Successful partial'))
    return {
      self: source,
      text: (nodes) =>
        `${nodes.join(', ')} ${nodes.length > 1 ? 'follow' : 'follows'} ${from} without a full copy (partial resynchronisation)`,
    };
  return undefined;
}
