import type { Observations } from '../history/observations.ts';

/** A node became primary that had not been. */
export interface Promotion {
  node: string;
  /** Milliseconds since the run's start. */
  at: number;
}

/**
 * Every promotion, oldest first. The evidence, in this order, for each node:
 *
 * 1. events of kind `promotion`: the node's own log says when it stopped being a replica (`source`, or
 *    `data.node`, is the node);
 * 2. without any of those for the node, Sentinels' `+switch-master` (`data.newPrimary`), which is
 *    announced later than the promotion happened;
 * 3. without either, a role that the probes saw change from replica to primary, later by a probe's interval.
 */
export function promotionsOf(seen: Observations): Promotion[] {
  const exact: Promotion[] = [];
  const announced: Promotion[] = [];
  for (const { kind, source, at, data } of seen.events) {
    if (kind === 'promotion') exact.push({ node: textOf(data?.node) ?? source, at });
    const newPrimary = textOf(data?.newPrimary);
    if (kind === '+switch-master' && newPrimary !== undefined) announced.push({ node: newPrimary, at });
  }
  const known = new Set(exact.map(({ node }) => node));
  const second = announced.filter(({ node }) => !known.has(node));
  for (const { node } of second) known.add(node);
  const third = roleChanges(seen).filter(({ node }) => !known.has(node));
  const all = [...exact, ...second, ...third].sort((a, b) => a.at - b.at);
  // Each Sentinel announces the same promotion.
  return all.filter(({ node }, i) => node !== all[i - 1]?.node);
}

/**
 * The node that was primary when the load began, by the probes; undefined when they saw none. (Before that, a
 * node that has not been told yet whom to replicate is a primary too.) Of several systems that have one it is the
 * first system's, whose nodes come first.
 */
export function firstPrimary(seen: Observations): string | undefined {
  const { from } = seen.loadWindow;
  const spans = seen.roles.filter(({ role }) => role === 'primary');
  const then = spans.find((span) => span.from <= from && from < span.to);
  return (then ?? spans.toSorted((a, b) => a.from - b.from)[0])?.node;
}

/** The node that had been promoted last at this time; before any promotion the first primary. */
export function primaryAt(
  seen: Observations,
  promotions: readonly Promotion[],
  at: number,
): string | undefined {
  return promotions.findLast((promotion) => promotion.at <= at)?.node ?? firstPrimary(seen);
}

function roleChanges(seen: Observations): Promotion[] {
  const last = new Map<string, string>();
  const changes: Promotion[] = [];
  for (const { node, role, from } of seen.roles.toSorted((a, b) => a.from - b.from)) {
    if (role !== 'primary' && role !== 'replica') continue;
    if (role === 'primary' && last.get(node) === 'replica') changes.push({ node, at: from });
    last.set(node, role);
  }
  return changes;
}

function textOf(value: string | number | boolean | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
