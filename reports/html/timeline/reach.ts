import type { NodeSample } from '../../../lab/history/observations.ts';
import type { RunDocument } from '../../data/run-document.ts';
import { brokenLinksAt } from '../topology/broken-links.ts';
import type { BrokenLink } from '../topology/scene.ts';
import { placesOf } from '../topology/scene-of.ts';

/** For how long a node could not be reached as usual, or could not reach its primary. */
export interface ReachSpan {
  from: number;
  to: number;
  /** `replication`: the node itself says that the link to its primary is down. */
  how: BrokenLink['how'] | 'replication';
  /** The hosts from which it was so; none for `replication`. */
  hosts: readonly string[];
  /** Those are all there are, besides its own. */
  isAll: boolean;
}

/** A node, or several of which the same holds. */
export interface Reach {
  nodes: readonly string[];
  spans: readonly ReachSpan[];
}

/** Samples further apart than this say nothing of the time between them, in ms. */
const holeMs = 1000;

/**
 * From where nodes could not be reached, by the links of the faults in force (from their proof on, where they were
 * proved); and when replicas said that they had lost their primary. Nodes to which nothing happened are left out.
 */
export function reachOf(document: RunDocument): Reach[] {
  const places = placesOf(document);
  const { faults, durationMs, samples, loadWindow } = document.seen;
  const changes = faults.flatMap(({ provedAt, injectedAt, healedAt }) => [
    provedAt ?? injectedAt,
    healedAt ?? durationMs,
  ]);
  const times = [...new Set(changes)].sort((a, b) => a - b);
  const states = times.map((at, i) => ({
    at,
    to: times[i + 1] ?? durationMs,
    links: brokenLinksAt(places, faults, at),
  }));
  const spansOf = new Map<string, ReachSpan[]>();
  for (const { at, to, links } of states)
    for (const [node, ofNode] of Map.groupBy(links, (link) => link.to)) {
      const spans = spansOf.get(node) ?? [];
      spansOf.set(node, spans);
      for (const [how, alike] of Map.groupBy(ofNode, (link) => link.how)) {
        const hosts = alike.map(({ from }) => from);
        extend(spans, { from: at, to, how, hosts, isAll: hosts.length === places.length - 1 });
      }
    }
  const during = samples.filter(({ at }) => at >= loadWindow.from);
  for (const [node, own] of Map.groupBy(during, (sample) => sample.node)) {
    const lost = withoutPrimary(own);
    if (lost.length > 0) spansOf.set(node, [...(spansOf.get(node) ?? []), ...lost]);
  }
  const names = places.flatMap(({ parts }) => parts.map(({ name }) => name));
  const inOrder = [...spansOf].sort(([a], [b]) => names.indexOf(a) - names.indexOf(b));
  return [...Map.groupBy(inOrder, ([, spans]) => JSON.stringify(spans)).values()].map((alike) => ({
    nodes: alike.map(([node]) => node),
    spans: alike[0]?.[1] ?? [],
  }));
}

/** Adds a span, or lengthens the one before it that says the same. */
function extend(spans: ReachSpan[], span: ReachSpan): void {
  const before = spans.findIndex(
    (each) => each.to === span.from && each.how === span.how && each.hosts.join() === span.hosts.join(),
  );
  const known = spans[before];
  if (known === undefined) spans.push(span);
  else spans[before] = { ...known, to: span.to };
}

function withoutPrimary(samples: readonly NodeSample[]): ReachSpan[] {
  const spans: ReachSpan[] = [];
  samples.forEach(({ at, linkUp }, i) => {
    if (linkUp !== false) return;
    const next = samples[i + 1]?.at ?? at;
    const to = next - at > holeMs ? at : next;
    extend(spans, { from: at, to, how: 'replication', hosts: [], isAll: false });
  });
  return spans.filter((span) => span.to > span.from);
}
