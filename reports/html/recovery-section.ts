import type { JudgedCheck } from '../../lab/run/record.ts';
import { html, type Markup } from './markup.ts';
import { figureName, seconds } from './units.ts';

/** What the recovery time was spent on: the recovery check's steps as bars; nothing without such a check. */
export function recoverySection(checks: readonly JudgedCheck[]): Markup {
  const check = checks.find((each) => each.spec.checker === 'recovery');
  if (check === undefined) return html``;
  const steps = Object.entries(check.figures).flatMap(([name, ms]) =>
    /Ms$/.test(name) && typeof ms === 'number' ? [{ name, ms }] : [],
  );
  const open = Object.entries(check.figures).filter(([name, ms]) => /Ms$/.test(name) && ms === null);
  const longest = Math.max(1, ...steps.map(({ ms }) => ms));
  const row = ({ name, ms }: { name: string; ms: number }) => {
    const isTotal = /^(total|recovery)/.test(name);
    return html`<tr${isTotal ? html` class="total"` : null}><th scope="row">${figureName(name)}</th><td class="number">${seconds(ms)}</td>
<td class="wide"><svg width="100%" height="12" aria-hidden="true"><rect class="${isTotal ? 'step-total' : 'step'}" width="${Math.round((Math.max(ms, 0) / longest) * 1000) / 10}%" height="12"/></svg></td></tr>`;
  };
  return html`<section id="recovery"><h2>Recovery, step by step</h2><p>${check.summary}</p>
<table class="steps"><tbody>${steps.map(row)}${open.map(
    ([name]) =>
      html`<tr><th scope="row">${figureName(name)}</th><td class="number">not seen</td><td class="wide"></td></tr>`,
  )}</tbody></table></section>`;
}
