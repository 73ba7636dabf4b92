import type { RunDocument } from '../../data/run-document.ts';
import { namesText, servedText, slotsText } from '../slots/slot-words.ts';
import { count } from '../units.ts';
import type { BrokenLink, Part, PartState } from './scene.ts';
import type { Standing } from './standing.ts';

/** What a moment's sentence is made of. */
export interface Held {
  at: number;
  parts: readonly Part[];
  states: Readonly<Record<string, PartState>>;
  broken: readonly BrokenLink[];
  sides: readonly (readonly string[])[];
}

/** What holds at a moment: who is primary, for whom, who writes where, who reaches whom. */
export function sentenceOf(document: RunDocument, standing: Standing, held: Held): string {
  const clauses = [
    ...(document.seen.slots === undefined ? primariesWords(standing, held) : clusterWords(document, held)),
    ...opinionWords(held),
    ...clientWords(held),
    ...linkWords(held),
  ];
  const text = clauses.join('; ');
  return text === ''
    ? 'Nothing is known of this moment.'
    : `${text.replace(/^[a-z]+ /, (word) => word.charAt(0).toUpperCase() + word.slice(1))}.`;
}

/** Nodes of one system that take themselves for its primary, where more than one does. */
export function rivalsAt(document: RunDocument, standing: Standing, held: Held): string[][] {
  const { ownership, seen } = document;
  if (seen.slots === undefined)
    return standing.systems
      .map((system) => system.filter((node) => held.states[node]?.role === 'primary'))
      .filter((primaries) => primaries.length > 1);
  return (ownership?.groups ?? []).flatMap(({ beliefs }) => {
    const now = beliefs.find(({ from, to }) => from <= held.at && held.at < to);
    const claimants = (now?.owners ?? []).flatMap(({ owner, by }) =>
      owner !== null && by.includes(owner) && held.states[owner]?.role === 'primary' ? [owner] : [],
    );
    return claimants.length > 1 ? [claimants] : [];
  });
}

function primariesWords({ systems }: Standing, { states }: Held): string[] {
  return systems.map((system) => {
    const primaries = system.filter((node) => states[node]?.role === 'primary');
    if (primaries.length > 1)
      return `${namesText(primaries)} ${primaries.length === 2 ? 'both' : 'all'} believe to be primary`;
    if (primaries[0] !== undefined) return `${primaries[0]} is primary`;
    return system.length === 1
      ? `${system[0]} is ${states[system[0] ?? '']?.role ?? 'unknown'}`
      : `none of ${namesText(system)} is primary`;
  });
}

function clusterWords({ ownership }: RunDocument, { at, parts, states }: Held): string[] {
  const share = ownership?.coverage.findLast((step) => step.at <= at)?.share;
  const primaries = parts.filter(({ name }) => states[name]?.role === 'primary').length;
  const served =
    share === undefined
      ? []
      : [
          share === 1
            ? 'every slot is served'
            : share === 0
              ? 'no slot is served'
              : `${servedText(share)} of the slots are served`,
        ];
  const claims = (ownership?.groups ?? []).flatMap(({ slots, beliefs }) => {
    const now = beliefs.find(({ from, to }) => from <= at && at < to);
    const owners = (now?.owners ?? []).filter(({ owner, by }) => owner !== null && by.length > 0);
    return owners.length < 2
      ? []
      : [
          `${slotsText(slots)} belong to ${owners.map(({ owner, by }) => `${owner} according to ${by.length === 1 && by[0] === owner ? 'itself' : namesText(by, 4)}`).join(', to ')}`,
        ];
  });
  const [first, ...others] = claims;
  const rest = others.length === 0 ? [] : [`${others.length} more groups of slots are in dispute`];
  return [
    count(primaries, 'primaries').replace('1 primarie', '1 primary'),
    ...served,
    ...(first === undefined ? [] : [first]),
    ...rest,
  ];
}

/** Told where Sentinels are not of one mind, or some are down. */
function opinionWords({ parts, states }: Held): string[] {
  const sentinels = parts.filter(({ kind, name }) => kind === 'sentinel' && states[name]?.role === 'up');
  const opinions = Map.groupBy(sentinels, ({ name }) => states[name]?.text ?? '');
  if (opinions.size < 2) return [];
  const texts = [...opinions].map(([text, who]) => {
    const names = namesText(who.map(({ name }) => name));
    return `${names} ${who.length > 1 ? text.replace(/^names/, 'name') : text}`;
  });
  return [texts.join(', ')];
}

function clientWords({ parts, states }: Held): string[] {
  const groups = parts.filter(({ kind }) => kind === 'clients');
  const alike = Map.groupBy(groups, ({ name }) => (states[name]?.text ?? '').replace(/, [^,]*\/s$/, ''));
  return [...alike].flatMap(([text, who]) => {
    if (!/^(writes|reads|uses|no success)/.test(text)) return [];
    const names = namesText(who.map(({ name }) => name));
    const several = who.length > 1;
    const verb =
      text === 'no success'
        ? `${several ? 'have' : 'has'} no success`
        : several
          ? text.replace(/^(write|read|use)s/, '$1')
          : text;
    return [`${several ? 'groups' : 'group'} ${names} ${verb}`];
  });
}

function linkWords({ parts, broken, sides }: Held): string[] {
  const of = (how: BrokenLink['how']) => broken.filter((link) => link.how === how);
  const told = (links: readonly BrokenLink[], what: string) =>
    links.length === 0 ? [] : [`${pairsText(links)} ${what}`];
  const bus = of('bus').length === 0 ? [] : [`the cluster bus is cut on ${count(of('bus').length, 'links')}`];
  return [
    ...(sides.length === 0 ? told(of('cut'), 'cut') : [sidesText(sides, parts)]),
    ...bus,
    ...told(of('slowed'), 'slowed'),
    ...told(of('reset'), 'reset again and again'),
  ];
}

function sidesText(sides: Held['sides'], parts: Held['parts']): string {
  const [first, ...others] = sides.map((side) => namesText(side, 4));
  const isRest = sides.length === 2 && (sides[1]?.length ?? 0) > 2 && sides.flat().length * 3 > parts.length;
  return `nothing passes between ${first} and ${isRest ? `the other ${count(sides[1]?.length ?? 0, 'hosts')}` : others.join(' and ')}`;
}

/** By hosts: `host-2 → host-1 is cut`. */
function pairsText(links: readonly BrokenLink[]): string {
  const texts = [...new Set(links.map(({ from, toHost }) => `${from} → ${toHost}`))];
  return `${namesText(texts, 4)} ${texts.length === 1 ? 'is' : 'are'}`;
}
