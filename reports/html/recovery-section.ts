import type { JudgedCheck } from '../../lab/run/record.ts';
import { html, type Markup } from './markup.ts';
import { figureName, seconds } from './units.ts';

/** The recovery check's figures: milliseconds from the fault's injection to each step. */
const stepWords: Readonly<Record<string, string>> = {
  pfailMs: 'a node suspects it (PFAIL)',
  failMs: 'a majority declares it failing (FAIL)',
  electionMs: 'a replica asks for votes',
  sdownMs: 'a Sentinel takes the primary for down',
  odownMs: 'enough Sentinels agree',
  tryFailoverMs: 'a Sentinel begins a failover',
  voteMs: 'a Sentinel votes for a leader',
  electedMs: 'a leader is elected',
  promotionMs: 'a replica becomes primary',
  switchMs: 'the new primary is announced',
  coverageMs: 'every slot is served again',
  firstClientMs: 'the first client works again',
  lastClientMs: 'the last client works again',
};

/** What the time from a fault to the last recovered client was spent on; nothing without such a check. */
export function recoverySection(checks: readonly JudgedCheck[]): Markup {
  const recoveries = checks.filter((each) => each.spec.checker === 'recovery' && stepsOf(each).length > 0);
  if (recoveries.length === 0) return html``;
  return html`<section id="recovery"><h2>Recovery, step by step</h2>${recoveries.map(
    (check) => html`<p>${check.summary}</p>${waterfall(check)}`,
  )}</section>`;
}

interface Step {
  name: string;
  /** Null for a step that never came. */
  atMs: number | null;
}

function stepsOf({ figures }: JudgedCheck): Step[] {
  return Object.entries(figures).flatMap(([name, atMs]) =>
    name.endsWith('Ms') && (typeof atMs === 'number' || atMs === null) ? [{ name, atMs }] : [],
  );
}

/** Each step as a bar from the step before it, so that the longest bar is where the time went. */
function waterfall(check: JudgedCheck): Markup {
  const steps = stepsOf(check);
  const seen = steps.flatMap(({ name, atMs }) => (atMs === null ? [] : [{ name, atMs }]));
  seen.sort((a, b) => a.atMs - b.atMs);
  const last = Math.max(1, seen.at(-1)?.atMs ?? 0);
  const share = (ms: number) => `${Math.round((Math.max(ms, 0) / last) * 1000) / 10}%`;
  const rows = seen.map(({ name, atMs }, i) => {
    const before = seen[i - 1]?.atMs ?? 0;
    return html`<tr>${label(name)}<td class="number">${seconds(atMs)}</td><td class="number quiet">+${seconds(atMs - before)}</td>
<td class="wide"><svg width="100%" height="12" aria-hidden="true"><rect class="step-ground" width="100%" height="12"/><rect class="step" x="${share(before)}" width="${share(Math.max(atMs - before, last / 300))}" height="12"/></svg></td></tr>`;
  });
  const never = steps.filter(({ atMs }) => atMs === null);
  return html`<table class="steps"><thead><tr><th scope="col">step</th><th scope="col">after the fault</th><th scope="col">took</th><th></th></tr></thead>
<tbody>${rows}${never.map(({ name }) => html`<tr>${label(name)}<td class="number">not seen</td><td></td><td></td></tr>`)}</tbody></table>`;
}

function label(name: string): Markup {
  const words = Object.hasOwn(stepWords, name) ? stepWords[name] : undefined;
  return html`<th scope="row">${words ?? figureName(name)}</th>`;
}
