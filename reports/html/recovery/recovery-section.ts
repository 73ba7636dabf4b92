import type { JudgedCheck } from '../../../lab/run/record.ts';
import { recoveryBounds, type StepBound } from '../../data/recovery-bounds.ts';
import {
  type RecoveryStep,
  type RecoverySum,
  recoverySteps,
  recoverySum,
} from '../../data/recovery-steps.ts';
import type { RunDocument } from '../../data/run-document.ts';
import { html, type Markup } from '../markup.ts';
import { figureName, seconds } from '../units.ts';

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

/** What the time from a fault to the last recovered client was spent on, beside what the settings allow; nothing without such a check. */
export function recoverySection(document: RunDocument): Markup {
  const bounds = recoveryBounds(document);
  const all = document.checks.flatMap((check) => {
    if (check.spec.checker !== 'recovery') return [];
    const steps = recoverySteps(check, bounds);
    return steps.length === 0 ? [] : [{ check, steps }];
  });
  if (all.length === 0) return html``;
  return html`<section id="recovery"><h2>Recovery, step by step</h2>${all.map(({ check, steps }) => one(check, steps))}</section>`;
}

function one({ name, summary }: JudgedCheck, steps: readonly RecoveryStep[]): Markup {
  const sum = recoverySum(steps);
  const hasBounds = steps.some(({ bound }) => bound !== null);
  return html`<article class="recovery" id="recovery-${name}"><p>${summary}</p>${sum === null ? null : html`<p>${sumText(sum)}</p>`}${hasBounds ? key() : null}${waterfall(steps)}
${steps.some(({ isEarly }) => isEarly) ? html`<p class="quiet">A step marked “early” came sooner than this fault alone allows: its time had begun to count with an earlier fault.</p>` : null}</article>`;
}

function sumText({ leastMs, mostMs, tookMs, excessMs, until }: RecoverySum): string {
  const range =
    mostMs === null ? `at least ${seconds(leastMs)}` : `between ${seconds(leastMs)} and ${seconds(mostMs)}`;
  const beyond =
    excessMs > 0
      ? `, ${seconds(excessMs)} of which no setting explains`
      : tookMs < leastMs
        ? ', less than that: an earlier fault had begun it'
        : ', all of which the settings explain';
  return `By this run’s settings it takes ${range} from the fault until ${stepWords[until] ?? figureName(until)}. It took ${seconds(tookMs)}${beyond}.`;
}

function key(): Markup {
  const item = (className: string, text: string) =>
    html`<li><svg width="22" height="12" aria-hidden="true"><rect class="${className}" width="22" height="12"/></svg>${text}</li>`;
  return html`<ul class="legend">${item('step', 'cannot be shorter by the settings')}${item('step-allowed', 'more, that the settings explain')}${item('step-excess', 'beyond what they explain')}${item('step-open', 'no setting bounds it')}</ul>`;
}

/** Each step as a bar from what it followed, so that the longest bar is where the time went. */
function waterfall(steps: readonly RecoveryStep[]): Markup {
  const last = Math.max(1, ...steps.map(({ atMs }) => atMs ?? 0));
  const hasBounds = steps.some(({ bound }) => bound !== null);
  return html`<table class="steps"><thead><tr><th scope="col">step</th><th scope="col">after the fault</th><th scope="col">took</th>${hasBounds ? html`<th scope="col">settings allow</th>` : null}<th></th></tr></thead>
<tbody>${steps.map((step) => row(step, last, hasBounds))}</tbody></table>`;
}

function row(step: RecoveryStep, lastMs: number, hasBounds: boolean): Markup {
  const { name, atMs, fromMs, bound, isEarly } = step;
  const label = html`<th scope="row">${stepWords[name] ?? figureName(name)}${bound === null ? null : html`<small>${bound.because}</small>`}</th>`;
  const allowed = hasBounds
    ? html`<td class="number quiet allowed">${bound === null ? '' : rangeText(bound)}</td>`
    : null;
  if (atMs === null)
    return html`<tr>${label}<td class="number">not seen</td><td></td>${allowed}<td></td></tr>`;
  return html`<tr>${label}<td class="number">${seconds(atMs)}</td><td class="number">+${seconds(atMs - fromMs)}${isEarly ? html`<small>early</small>` : null}</td>${allowed}
<td class="wide"><svg width="100%" height="12" aria-hidden="true"><rect class="step-ground" width="100%" height="12"/>${bars(step, atMs, lastMs)}</svg></td></tr>`;
}

function rangeText({ leastMs, mostMs }: StepBound): string {
  if (mostMs === null) return 'no bound';
  return leastMs === 0 ? `≤ ${seconds(mostMs)}` : `${seconds(leastMs)} – ${seconds(mostMs)}`;
}

function bars({ fromMs, bound }: RecoveryStep, atMs: number, lastMs: number): Markup[] {
  const share = (ms: number) => `${Math.round((Math.max(ms, 0) / lastMs) * 10_000) / 100}%`;
  const bar = (className: string, from: number, to: number) =>
    to <= from
      ? []
      : [
          html`<rect class="${className}" x="${share(from)}" width="${share(Math.max(to - from, lastMs / 300))}" height="12"/>`,
        ];
  const end = Math.max(atMs, fromMs + lastMs / 300);
  if (bound === null || bound.mostMs === null) return bar('step-open', fromMs, end);
  const [least, most] = [Math.min(end, fromMs + bound.leastMs), Math.min(end, fromMs + bound.mostMs)];
  return [
    ...bar('step', fromMs, least),
    ...bar('step-allowed', least, most),
    ...bar('step-excess', most, end),
  ];
}
