import type { HostBox, Layout } from './layout.ts';
import { type End, isBeside } from './route.ts';
import type { BrokenLink, Moment, Scene } from './scene.ts';

/** A line of the drawing: who is served by whom, who copies whom, which link is hindered. */
export interface Line {
  kind: 'serves' | 'copies' | 'link';
  from: End;
  to: End;
  /** Lines with the same trunk run in one lane. */
  trunk: string;
  /** It is cut, slowed or reset; null where it works. */
  broken: BrokenLink['how'] | null;
  title: string;
}

/** Single links that are drawn as lines; more of them are told in words. */
const mostLinks = 8;

/** Everything that is drawn as a line at one moment. */
export function linesOf(layout: Layout, moment: Moment): Line[] {
  const ends = endsOf(layout);
  const brokenBetween = (observer: HostBox, node: string) =>
    moment.broken.find(({ from, to }) => from === observer.place.host && to === node)?.how ?? null;
  const conversations = [...ends].flatMap(([name, end]): Line[] => {
    const state = moment.parts[name];
    if (state === undefined || state.role === 'down') return [];
    return state.to.flatMap((node): Line[] => {
      const other = ends.get(node);
      if (other === undefined) return [];
      const isClients = end.part?.part.kind === 'clients';
      const hindered = brokenBetween(end.host, node);
      if (isClients)
        return [
          {
            kind: 'serves',
            from: end,
            to: other,
            trunk: name,
            broken: hindered === 'slowed' ? hindered : null,
            title: `${name} ${state.text}`,
          },
        ];
      const broken = hindered ?? (state.troubled || moment.parts[node]?.role === 'down' ? 'cut' : null);
      return [
        {
          kind: 'copies',
          from: other,
          to: end,
          trunk: `copies ${node}`,
          broken,
          title: `${name}: ${state.text}`,
        },
      ];
    });
  });
  return [...conversations, ...linkLines(moment, ends, layout, conversations)];
}

/** What is hindered beyond the sides and the conversations that are drawn already. */
function linkLines(
  { broken, sides }: Moment,
  ends: ReadonlyMap<string, End>,
  { hosts }: Layout,
  drawn: readonly Line[],
): Line[] {
  if (sides.length > 0) return [];
  const pairs = new Map<string, Line>();
  for (const { from, to, how } of broken) {
    if (how === 'bus') continue;
    const [host, end] = [hosts.find(({ place }) => place.host === from), ends.get(to)];
    if (host === undefined || end === undefined || host === end.host) continue;
    const isDrawn = drawn.some(
      (line) =>
        line.broken !== null &&
        ((line.from.part?.part.name === to && line.to.host === host) ||
          (line.to.part?.part.name === to && line.from.host === host)),
    );
    const key = `${from}→${end.host.place.host}`;
    if (isDrawn) pairs.delete(key);
    else if (!pairs.has(key))
      pairs.set(key, {
        kind: 'link',
        from: { host, part: null },
        to: { host: end.host, part: null },
        trunk: `link ${from}`,
        broken: how,
        title: `${key} is ${how}`,
      });
  }
  const lines = [...pairs.values()].filter(
    ({ from, to }) =>
      !drawn.some(
        (line) =>
          line.broken !== null &&
          [line.from.host, line.to.host].includes(from.host) &&
          [line.from.host, line.to.host].includes(to.host),
      ),
  );
  return lines.length > mostLinks ? [] : lines;
}

function endsOf({ hosts }: Layout): Map<string, End> {
  return new Map(
    hosts.flatMap((host) => host.parts.map((part): [string, End] => [part.part.name, { host, part }])),
  );
}

/** The lane of each trunk over a whole scene, so that a line keeps its place. Neighbours need none. */
export function lanesOf(scene: Scene, layout: Layout): ReadonlyMap<string, number> {
  const lanes = new Map<string, number>();
  for (const moment of scene.moments)
    for (const line of linesOf(layout, moment))
      if (!isBeside(line.from, line.to) && line.from.host !== line.to.host && !lanes.has(line.trunk))
        lanes.set(line.trunk, lanes.size);
  return lanes;
}
