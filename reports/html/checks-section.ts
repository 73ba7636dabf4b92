import type { Figures, Verdict } from '../../lab/checkers/checker.ts';
import type { ExpectationResult, JudgedCheck } from '../../lab/run/record.ts';
import type { RunDocument } from '../data/run-document.ts';
import { figureTitle, figureWords, partTitle } from './figure-words.ts';
import { html, type Markup } from './markup.ts';
import { type Cell, table } from './table.ts';
import { figureText, seconds } from './units.ts';

const verdictWords: Readonly<Record<Verdict, string>> = {
  valid: '✓ held',
  invalid: '✗ did not hold',
  unknown: '? undecided',
};

/** Each check: what came out, its figures, what it verifies and what it does not. */
export function checksSection(document: RunDocument): Markup {
  const { checks, expectations } = document;
  if (checks.length === 0) {
    return html`<section id="checks"><h2>Checks</h2><p class="empty">Nothing was checked: the run did not come that far.</p></section>`;
  }
  return html`<section id="checks"><h2>Checks</h2><p class="quiet">“Held” and “did not hold” speak of the property alone. Whether that is what this variant had to show stands under “Expectations”.</p>${checks.map(
    (
      check,
    ) => html`<article class="check" id="check-${check.name}"><h3>${check.name} <span class="badge verdict-${check.verdict}">${verdictWords[check.verdict]}</span></h3>
<p>${check.summary}</p>${figures(check.figures)}
<dl class="scope"><dt>Verifies</dt><dd>${check.verifies}</dd><dt>Does not verify</dt><dd>${check.doesNotVerify}</dd>${asked(check)}${expected(check, expectations)}${proofs(check, document)}</dl></article>`,
  )}</section>`;
}

/** The checker and its options, as a scenario's file says them. */
function asked({ spec, findings, lost }: JudgedCheck): Markup {
  const options = Object.entries(spec.options).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const call = `${spec.checker}(${options.length === 0 ? '' : `{ ${options.join(', ')} }`})`;
  const evidence = findings.some(({ kind, to }) => kind !== 'step' && to === undefined);
  return html`<dt>Asked as</dt><dd><code>${call}</code>${evidence || lost !== undefined ? html`; <a href="#evidence">its findings, one by one</a>` : null}${
    spec.checker === 'recovery' ? html`; <a href="#recovery">step by step</a>` : null
  }</dd>`;
}

/** What the variant had to show by this check. */
function expected({ name }: JudgedCheck, expectations: readonly ExpectationResult[]): Markup | null {
  const own = expectations.filter(({ check }) => check === name);
  if (own.length === 0) return null;
  return html`<dt>Expected of this variant</dt><dd>${own.map((each) => html`<div><span class="badge met-${each.met}">${metWords[each.met]}</span> ${demand(each)}</div>`)}</dd>`;
}

/** By what each fault was proved: without it nothing that the run did not show says anything. */
function proofs({ spec }: JudgedCheck, { seen: { faults } }: RunDocument): Markup | null {
  if (spec.checker !== 'vacuity' || faults.length === 0) return null;
  return html`<dt>Proofs</dt><dd>${faults.map(
    ({ text, provedAt, injectedAt, proof }) =>
      html`<div>${text}: ${provedAt === null ? html`<b>not proved</b>` : `proved ${seconds(provedAt - injectedAt)} after it was injected at ${seconds(injectedAt)}`} – ${proof}</div>`,
  )}</dd>`;
}

function figures(all: Figures): Markup | null {
  const rows = Object.entries(all).flatMap(([name, value]): [string, string][] => {
    if (typeof value !== 'object' || value === null) return [[figureTitle(name), figureWords(name, value)]];
    // Most causes are none: only those that occurred are listed.
    const parts = Object.entries(value).filter(([, n]) => n !== 0);
    return parts.map(([part, n]) => [partTitle(name, part), figureWords(name, n)]);
  });
  if (rows.length === 0) return null;
  return html`<table class="figures"><tbody>${rows.map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td class="number">${value}</td></tr>`,
  )}</tbody></table>`;
}

const metWords = { yes: '✓ met', no: '✗ not met', undecided: '? undecided' } as const;

/** What the variant had to show, why, and whether it did. */
export function expectationsSection(expectations: readonly ExpectationResult[]): Markup {
  if (expectations.length === 0) return html``;
  const rows = expectations.map((each): Cell[] => [
    html`<span class="badge met-${each.met}">${metWords[each.met]}</span>`,
    html`<b>${each.check}</b> ${demand(each)}`,
    each.because,
    each.found === '' ? 'as demanded' : each.found,
  ]);
  return html`<section id="expectations"><h2>Expectations</h2>${table(['', 'what this variant had to show', 'because', 'found'], rows, 'stacked')}</section>`;
}

function demand({ verdict, figures: bounds }: ExpectationResult): string {
  const words = { valid: 'holds', invalid: 'does not hold', any: '' }[verdict];
  const limits = Object.entries(bounds ?? {}).map(([path, { min, max }]) => {
    const leaf = path.split('.')[0] ?? path;
    const least = min === undefined ? '' : `at least ${figureText(leaf, min)}`;
    const most = max === undefined ? '' : `at most ${figureText(leaf, max)}`;
    const [name = path, ...part] = path.split('.');
    const title = part.length === 0 ? figureTitle(name) : partTitle(name, part.join('.'));
    return `${title}: ${[least, most].filter(Boolean).join(' and ')}`;
  });
  return [words, ...limits].filter(Boolean).join('; ');
}
