import type { RunDocument } from '../../data/run-document.ts';
import { seconds } from '../units.ts';
import { brokenLinksAt, sidesOf } from './broken-links.ts';
import { decisiveOf } from './decisive.ts';
import { type Held, rivalsAt, sentenceOf } from './moment-words.ts';
import type { Moment, Part, Place, Scene } from './scene.ts';
import { type Standing, standingOf } from './standing.ts';

/** More moments than these are gathered into fewer. */
const mostMoments = 60;
/** Changes so close to each other are one moment: this share of the run, in ms at least and at most. */
const [closeShare, leastCloseMs, mostCloseMs] = [0.006, 40, 300];

/** What of the topology is known over time; null where nothing was set up, or nothing was seen. */
export function sceneOf(document: RunDocument): Scene | null {
  const { seen } = document;
  const places = placesOf(document);
  const parts = places.flatMap((place) => place.parts);
  if (seen.durationMs <= 0 || seen.roles.length === 0 || !parts.some(({ kind }) => kind === 'redis'))
    return null;
  const standing = standingOf(document, parts);
  const times = momentTimes(document, standing);
  let before: Held | null = null;
  const held = times.map(({ at, settled }, i): Held & { from: number; changes: string[] } => {
    const until = times[i + 1]?.at ?? seen.durationMs;
    const broken = brokenLinksAt(places, seen.faults, settled);
    const now: Held = {
      at: settled,
      parts,
      states: standing.at(settled, until),
      broken,
      sides: sidesOf(places, broken),
    };
    const changes = [...faultChanges(document, at, settled), ...partChanges(before, now)];
    before = now;
    return { ...now, from: at, changes };
  });
  // What changed back at once changed nothing that could be drawn.
  const told = held.filter(({ changes }, i) => i === 0 || changes.length > 0);
  const decisive = decisiveOf(
    document,
    told.map((one) => ({ ...one, rivals: rivalsAt(document, standing, one) })),
  );
  return {
    places,
    moments: told.map((one, i): Moment => {
      const { from, changes, states, broken, sides } = one;
      return {
        at: from,
        changes: i === 0 ? ['the load begins'] : changes,
        sentence: sentenceOf(document, standing, one),
        parts: states,
        broken,
        sides,
        decisive: decisive.get(i) ?? null,
      };
    }),
  };
}

export function placesOf({ hosts, processes }: RunDocument): Place[] {
  const kinds = new Map(processes.map(({ name, kind }) => [name, kind]));
  const partOf = (name: string): Part[] => {
    const kind = kinds.get(name);
    if (kind === undefined || kind === 'toxiproxy') return [];
    return [{ name: kind === 'clients' ? name.replace(/^clients-/, '') : name, kind }];
  };
  const order: readonly Part['kind'][] = ['redis', 'app', 'postgres', 'sentinel', 'clients'];
  const places = hosts.map(({ name, zone, processes: names }) => ({
    host: name,
    zone,
    parts: names.flatMap(partOf).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)),
  }));
  return places.filter(({ parts }) => parts.length > 0);
}

/** When something changed, and when what changed along with it had. */
function momentTimes({ seen }: RunDocument, standing: Standing): { at: number; settled: number }[] {
  const { loadWindow, durationMs, faults } = seen;
  const from = loadWindow.from;
  const ofFaults = faults.flatMap(({ injectedAt, provedAt, healedAt }) => [
    provedAt ?? injectedAt,
    healedAt ?? durationMs,
  ]);
  const times = [...standing.changes, ...ofFaults]
    .filter((at) => at > from + leastCloseMs && at < Math.min(durationMs, loadWindow.to))
    .sort((a, b) => a - b);
  const first = { at: from, settled: from + leastCloseMs };
  for (
    let closeMs = Math.min(Math.max(durationMs * closeShare, leastCloseMs), mostCloseMs);
    ;
    closeMs *= 1.5
  ) {
    const moments = [first];
    for (const at of times) {
      const last = moments.at(-1) as (typeof moments)[number];
      if (last !== first && at - last.at <= closeMs) last.settled = at;
      else moments.push({ at, settled: at });
    }
    if (moments.length <= mostMoments) return moments;
  }
}

function faultChanges({ seen }: RunDocument, from: number, to: number): string[] {
  const told = (at: number | null, text: string) => {
    if (at === null || at < from || at > to) return [];
    return [seconds(at) === seconds(from) ? text : `${seconds(at)} ${text}`];
  };
  return seen.faults.flatMap(({ injectedAt, provedAt, healedAt, text }) => [
    ...told(provedAt, `in force: ${text}`),
    ...(provedAt === null ? told(injectedAt, `not proved: ${text}`) : []),
    ...told(healedAt, `healed: ${text}`),
  ]);
}

/** Whose state is another than at the moment before, rates aside. */
function partChanges(before: Held | null, { parts, states }: Held): string[] {
  if (before === null) return [];
  const textOf = (held: Held['states'], { name }: Part) =>
    (held[name]?.text ?? '').replace(/, [^,]*\/s$/, '');
  const changed = parts.filter((part) => textOf(before.states, part) !== textOf(states, part));
  const alike = Map.groupBy(changed, (part) => textOf(states, part));
  return [...alike].map(([text, who]) => `${who.map(({ name }) => name).join(', ')}: ${text}`);
}
