import { html, type Markup, trusted } from '../html/markup.ts';
import type { MenuFault } from './fault-menu.ts';

/** Buttons for the faults that have no place to click. */
export function systemFaults(menu: readonly MenuFault[]): Markup {
  const names = menu.filter(({ at }) => at === 'system').map(({ name }) => name);
  return html`<p>${names.map((name) => html`<button type="button" data-fault="${name}" aria-haspopup="dialog">${name} …</button> `)}</p>`;
}

/** The menu that opens over a node, a link or the page; its script fills it from the data that stands behind it. */
export function faultDialog(menu: readonly MenuFault[]): Markup {
  return html`<dialog id="fault-dialog" aria-labelledby="fault-dialog-title"><h2 id="fault-dialog-title">Break</h2>
<form method="dialog"><label>fault<select name="fault"></select></label><div class="fields"></div>
<pre><code></code></pre><p class="said" role="status"></p>
<p class="buttons"><button type="button" value="cancel">close</button><button type="submit" value="inject">inject</button></p></form></dialog>
<script type="application/json" id="fault-menu">${trusted(JSON.stringify(menu).replaceAll('<', '\\u003c'))}</script>`;
}
