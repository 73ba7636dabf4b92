import { html, type Markup } from './markup.ts';

export type Cell = string | Markup;

/** A table. On a narrow screen it scrolls sideways in a box of its own, or stands with its cells one below the other. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  layout: 'scrolls' | 'stacked' = 'scrolls',
): Markup {
  return html`<div class="table ${layout}"><table><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** Something that opens at a click, without any script. */
export function details(summary: string, body: Markup): Markup {
  return html`<details><summary>${summary}</summary>${body}</details>`;
}

/** A command or a configuration with a button that copies it; the button shows only where scripts run. */
export function copyable(text: string): Markup {
  return html`<div class="copyable"><pre tabindex="0"><code>${text}</code></pre><button type="button" hidden>copy</button></div>`;
}
