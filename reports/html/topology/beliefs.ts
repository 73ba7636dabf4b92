import type { Observations } from '../../../lab/history/observations.ts';
import type { RunDocument } from '../../data/run-document.ts';

/** From `at` on this node is the primary for `by`: for a Sentinel, for a replica that follows it, or of its cluster. */
export interface Belief {
  at: number;
  by: string;
  primary: string;
}

/**
 * Whom each Sentinel takes for the primary: first whom it was configured to monitor, then what it announced itself
 * (`+switch-master`).
 */
export function sentinelBeliefs({ processes, seen }: RunDocument): Belief[] {
  const data = processes.filter(({ kind }) => kind === 'redis');
  const nameOf = new Map(data.map(({ name, address }) => [address.split(':')[0], name]));
  const sentinels = processes.filter(({ kind }) => kind === 'sentinel');
  const first = sentinels.flatMap(({ name, configuration }): Belief[] => {
    const [, ip] = /^sentinel monitor \S+ (\S+)/m.exec(configuration) ?? [];
    const primary = nameOf.get(ip);
    return primary === undefined ? [] : [{ at: 0, by: name, primary }];
  });
  const names = new Set(sentinels.map(({ name }) => name));
  const later = seen.events.flatMap(({ at, source, kind, data }): Belief[] =>
    kind === '+switch-master' &&
    names.has(source) &&
    typeof data?.newPrimary === 'string' &&
    data.newPrimary !== ''
      ? [{ at, by: source, primary: data.newPrimary }]
      : [],
  );
  return [...first, ...later.sort((a, b) => a.at - b.at)];
}

/** Whom each replica follows, by its own log, and by its INFO where the log says nothing. */
export function followings({ events, samples }: Observations): Belief[] {
  const said = events.flatMap(({ at, source, kind, data }): Belief[] =>
    kind === 'replica-of' && typeof data?.primary === 'string' && data.primary !== ''
      ? [{ at, by: source, primary: data.primary }]
      : [],
  );
  const last = new Map<string, string>();
  const all: Belief[] = [...said];
  for (const { at, node, primary } of samples) {
    if (primary === null || primary === node || last.get(node) === primary) continue;
    last.set(node, primary);
    const logged = said.findLast((one) => one.by === node && one.at <= at);
    if (logged?.primary !== primary) all.push({ at, by: node, primary });
  }
  // A replica has been one for a while when it is asked for the first time.
  const first = new Set<string>();
  return all
    .sort((a, b) => a.at - b.at)
    .map((one) => {
      if (first.has(one.by)) return one;
      first.add(one.by);
      return { ...one, at: 0 };
    });
}

/** Times in which a replica's link to its primary was down, by its INFO. */
export function downLinks({ samples }: Observations): { node: string; from: number; to: number }[] {
  const spans: { node: string; from: number; to: number }[] = [];
  const open = new Map<string, (typeof spans)[number]>();
  for (const { at, node, linkUp } of samples) {
    const known = open.get(node);
    if (linkUp !== false) {
      if (known !== undefined) known.to = at;
      open.delete(node);
    } else if (known === undefined) {
      const span = { node, from: at, to: Number.POSITIVE_INFINITY };
      spans.push(span);
      open.set(node, span);
    }
  }
  return spans;
}

/** Whom `by` takes for the primary at this time; undefined where nobody knows. */
export function believedAt(beliefs: readonly Belief[], by: string, at: number): string | undefined {
  return beliefs.findLast((one) => one.by === by && one.at <= at)?.primary;
}
