import type { RunDocument } from '../data/run-document.ts';
import { headlineOf, outageText } from './headline.ts';
import { html, type Markup } from './markup.ts';
import { count, number, percent, seconds } from './units.ts';

/** One of the numbers that a run comes down to. */
interface KeyNumber {
  value: string;
  note: string;
  isBad: boolean;
}

/** What each of them is called, and how a run's document tells it; null where no check measured it. */
const numbers: readonly [label: string, of: (document: RunDocument) => KeyNumber | null][] = [
  ['Acknowledged writes lost', lostWrites],
  ['Users logged out', loggedOut],
  ['Longest outage', longestOutage],
  ['Database load', databaseLoad],
  ['Recovery', recovery],
];
/** So many are shown at least, known or not: what nobody measured is worth knowing, too. */
const LEAST = 3;

/** The numbers that this run measured, each with the other variant's beneath where that is known. */
export function keyNumbers(document: RunDocument, sibling: RunDocument | undefined): Markup {
  const known = numbers.filter(([, of]) => of(document) !== null);
  const unknown = numbers.filter(([label]) => label !== 'Users logged out' && label !== 'Database load');
  const shown =
    known.length >= LEAST
      ? known
      : [...known, ...unknown.filter((one) => !known.includes(one))].slice(0, LEAST);
  const inOrder = numbers.filter((one) => shown.includes(one));
  return html`<dl class="cards">
${inOrder.map(([label, of]) => card(label, of(document) ?? NOT_KNOWN, otherText(sibling, of)))}
${card('Length of the run', lengthOf(document), null)}</dl>`;
}

const NOT_KNOWN: KeyNumber = { value: 'not known', note: 'no check measured it', isBad: false };

function otherText(
  sibling: RunDocument | undefined,
  of: (document: RunDocument) => KeyNumber | null,
): string | null {
  const other = sibling === undefined ? null : of(sibling);
  return other === null ? null : `with the ${sibling?.variant} settings: ${other.value}`;
}

function card(label: string, { value, note, isBad }: KeyNumber, other: string | null): Markup {
  return html`<div class="card${isBad ? ' bad' : ''}"><dt>${label}</dt><dd><b>${value}</b><small>${note}</small>${
    other === null ? null : html`<small class="other">${other}</small>`
  }</dd></div>`;
}

function lostWrites(document: RunDocument): KeyNumber | null {
  const { lost, acknowledged } = headlineOf(document);
  if (lost === null) return null;
  const note = acknowledged
    ? `${percent(lost / acknowledged)} of ${count(acknowledged, 'writes')} that clients were told are stored`
    : 'no write was acknowledged';
  return { value: count(lost, 'writes'), note, isBad: lost > 0 };
}

function loggedOut({ checks }: RunDocument): KeyNumber | null {
  const own = checks.filter(
    ({ spec, figures }) => spec.checker === 'sessions' && 'loggedOutUsers' in figures,
  );
  if (own.length === 0) return null;
  const sum = (figure: string) =>
    own.reduce((all, { figures }) => all + (typeof figures[figure] === 'number' ? figures[figure] : 0), 0);
  const users = sum('loggedOutUsers');
  return {
    value: count(users, 'users'),
    note: `who had not asked for it, in ${count(sum('sessions'), 'sessions')}`,
    isBad: users > 0,
  };
}

function longestOutage(document: RunDocument): KeyNumber | null {
  const headline = headlineOf(document);
  const { longestOutageMs, outageGapMs, outageAfter } = headline;
  if (longestOutageMs === null) return null;
  const since = outageAfter === null ? '' : `, counted ${outageAfter}`;
  return longestOutageMs === 0
    ? {
        value: 'none',
        note: `no client was without a success for more than ${outageGapMs}\u202fms${since}`,
        isBad: false,
      }
    : { value: outageText(headline), note: `in which a client had no success${since}`, isBad: false };
}

/** The busiest moment against the normal rate, by the check that counted queries. */
function databaseLoad({ checks }: RunDocument): KeyNumber | null {
  const ratios = checks.flatMap(({ figures: { peakRatio, peakPerSecond, baselinePerSecond } }) =>
    typeof peakRatio === 'number' &&
    typeof peakPerSecond === 'number' &&
    typeof baselinePerSecond === 'number'
      ? [{ peakRatio, peakPerSecond, baselinePerSecond }]
      : [],
  );
  const [worst] = ratios.sort((a, b) => b.peakRatio - a.peakRatio);
  if (worst === undefined) return null;
  const { peakRatio, peakPerSecond, baselinePerSecond } = worst;
  return {
    value: `${number(peakRatio)}\u202f×`,
    note: `at its peak ${number(peakPerSecond)} queries per second, normally ${number(baselinePerSecond)}`,
    isBad: false,
  };
}

function recovery(document: RunDocument): KeyNumber | null {
  const { recoveryMs, neverRecovered } = headlineOf(document);
  if (neverRecovered !== null && neverRecovered > 0)
    return {
      value: 'never',
      note: `for ${count(neverRecovered, 'clients')}, as long as the load ran`,
      isBad: true,
    };
  if (recoveryMs === null) return null;
  return {
    value: seconds(recoveryMs),
    note: 'from the fault until the last client worked again',
    isBad: false,
  };
}

function lengthOf({ durationMs, realDurationMs, speed, readyMs, timing }: RunDocument): KeyNumber {
  const ready =
    readyMs > 0
      ? `topology ready after ${seconds(readyMs)}, ${timing} timing`
      : 'the topology never became ready';
  const real =
    realDurationMs === undefined
      ? ''
      : `of lab time; really ${seconds(realDurationMs)}, at speed ${number(speed ?? 1)}; `;
  return { value: seconds(durationMs), note: `${real}${ready}`, isBad: false };
}
