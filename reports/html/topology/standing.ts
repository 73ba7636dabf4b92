import type { Role } from '../../../lab/history/observations.ts';
import type { SlotOwnership } from '../../../lab/run/record.ts';
import type { RunDocument } from '../../data/run-document.ts';
import { count, number } from '../units.ts';
import { type Answering, answeringsOf, answersOf, perSecond } from './answers.ts';
import { believedAt, downLinks, followings, sentinelBeliefs } from './beliefs.ts';
import { isInForce } from './broken-links.ts';
import type { Part, PartState } from './scene.ts';
import { systemsOf } from './systems.ts';

/** What is known of a run's nodes, Sentinels and clients over time, ready to be asked for one moment. */
export interface Standing {
  /** Times at which somebody's role, belief or partner changed. */
  changes: readonly number[];
  systems: readonly (readonly string[])[];
  answerings: readonly Answering[];
  /** Everybody's state from `at` on; rates of clients are those until `until`. */
  at(at: number, until: number): Readonly<Record<string, PartState>>;
  /** Who takes this data node for the primary at this time, and how many could say. */
  namedBy(node: string, at: number): { by: readonly string[]; of: number } | null;
}

export function standingOf(document: RunDocument, parts: readonly Part[]): Standing {
  const { seen, series, clients, ownership } = document;
  const { loadWindow, roles, slots } = seen;
  const named = sentinelBeliefs(document);
  const following = followings(seen);
  const down = downLinks(seen);
  const answerings = answeringsOf(series, loadWindow);
  const groups = new Map(series.groups.map((group) => [group.group, group]));
  const sentinels = parts.filter(({ kind }) => kind === 'sentinel').map(({ name }) => name);
  const systems = slots === undefined ? systemsOf(seen, [...named, ...following]) : [];
  const sentinelsOf = (node: string) => {
    const system = systems.find((one) => one.includes(node)) ?? [];
    return sentinels.filter((name) =>
      named.some(({ by, primary }) => by === name && system.includes(primary)),
    );
  };

  const roleAt = (node: string, at: number): Role => {
    const span = roles.findLast((one) => one.node === node && one.from <= at);
    return span?.role ?? 'unknown';
  };
  const isUp = (name: string, at: number): boolean => {
    const last = seen.events.findLast(
      (one) => one.kind === 'process' && one.data?.node === name && one.at <= at,
    );
    return last?.data?.action !== 'end';
  };
  const isPaused = (name: string, at: number) =>
    seen.faults.some(
      (fault) => fault.name === 'pause' && fault.targets.includes(name) && isInForce(fault, at),
    );
  const running = (node: string, at: number) => ['primary', 'replica'].includes(roleAt(node, at));

  const namedBy = (node: string, at: number) => {
    if (slots !== undefined) {
      const voters = seen.nodes.filter((one) => running(one, at));
      const by = voters.filter((one) => ownsInViewOf(document, one, node, at));
      return { by, of: voters.length };
    }
    const voters = sentinelsOf(node).filter((one) => isUp(one, at) && !isPaused(one, at));
    return voters.length === 0
      ? null
      : { by: voters.filter((one) => believedAt(named, one, at) === node), of: voters.length };
  };

  const ofNode = (name: string, at: number): PartState => {
    const role = roleAt(name, at);
    if (role === 'primary') {
      const votes = namedBy(name, at);
      return {
        role,
        text:
          votes === null
            ? 'primary'
            : `primary · ${votes.by.length}/${count(votes.of, slots === undefined ? 'Sentinels' : 'nodes')}`,
        troubled: false,
        to: [],
      };
    }
    if (role !== 'replica') return { role, text: role, troubled: role !== 'unknown', to: [] };
    const primary = believedAt(following, name, at);
    const isDown = down.some((span) => span.node === name && span.from <= at && at < span.to);
    const whose = primary === undefined ? 'replica' : `replica of ${primary}`;
    return {
      role,
      text: isDown && primary !== undefined ? `no link to ${primary}` : whose,
      troubled: isDown,
      to: primary === undefined ? [] : [primary],
    };
  };
  const ofSentinel = (name: string, at: number): PartState => {
    const primary = believedAt(named, name, at);
    return {
      role: 'up',
      text: primary === undefined ? 'Sentinel' : `names ${primary}`,
      troubled: false,
      to: [],
    };
  };
  const ofClients = (name: string, at: number, until: number): PartState => {
    const group = groups.get(name);
    const quiet = (text: string, troubled = false): PartState => ({ role: 'up', text, troubled, to: [] });
    if (group === undefined || at >= loadWindow.to) return quiet('no load any more');
    const { verb, counts } = answersOf(group);
    if (Object.keys(counts).length === 0)
      return quiet(count(clients.filter((one) => one.group === name).length, 'clients'));
    const to = answerings
      .filter((one) => one.group === name && one.from <= at && at < one.to)
      .map(({ node }) => node)
      .sort();
    if (to.length === 0) return quiet('no success', true);
    const rate = perSecond(counts, to, series.bucketMs, at, Math.min(until, loadWindow.to));
    const whom = to.length > 2 ? `${to.length} nodes` : to.join(', ');
    const does = seen.nodes.includes(to[0] ?? '') ? verb : 'uses';
    return { role: 'up', text: `${does} ${whom}, ${number(Math.round(rate))}/s`, troubled: false, to };
  };
  const stateOf = ({ name, kind }: Part, at: number, until: number): PartState => {
    if (kind === 'redis') return ofNode(name, at);
    if (kind === 'clients') return ofClients(name, at, until);
    if (!isUp(name, at)) return { role: 'down', text: 'down', troubled: true, to: [] };
    if (isPaused(name, at)) return { role: 'paused', text: 'paused', troubled: true, to: [] };
    if (kind === 'sentinel') return ofSentinel(name, at);
    return { role: 'up', text: kind === 'app' ? 'application' : 'database', troubled: false, to: [] };
  };

  return {
    changes: [
      ...roles.filter(({ node }) => seen.nodes.includes(node)).map(({ from }) => from),
      ...[...named, ...following].map(({ at }) => at),
      ...down.flatMap(({ from, to }) => [from, to]),
      ...answerings.flatMap(({ from, to }) => [from, to]),
      ...seen.events.filter(({ kind }) => kind === 'process').map(({ at }) => at),
      ...changesOfOwners(ownership),
    ],
    systems,
    answerings,
    at: (at, until) => Object.fromEntries(parts.map((part) => [part.name, stateOf(part, at, until)])),
    namedBy,
  };
}

/** `by` holds `node` for a primary with slots, by the view that it told last. */
function ownsInViewOf({ seen: { slots } }: RunDocument, by: string, node: string, at: number): boolean {
  const view = slots?.views.findLast((one) => one.node === by && one.at <= at);
  return (view?.members ?? []).some((place) => {
    const member = slots?.members[place];
    return member?.node === node && member.role === 'primary' && member.slots !== '';
  });
}

function changesOfOwners(ownership: SlotOwnership | undefined): number[] {
  return (ownership?.groups ?? []).flatMap(({ beliefs }) => beliefs.map(({ from }) => from));
}
