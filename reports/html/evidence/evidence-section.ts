import type { RunDocument } from '../../data/run-document.ts';
import { dataBlock, html, type Markup } from '../markup.ts';
import { type Cell, details, table } from '../table.ts';
import { nameOf, unitOf } from '../timeline/finding-groups.ts';
import type { Scene } from '../topology/scene.ts';
import { count, number, seconds } from '../units.ts';
import { causeWords } from '../words.ts';
import type { Evidence, EvidenceItem } from './evidence.ts';
import { type EvidenceGroup, evidenceGroups, isLoss } from './evidence-groups.ts';
import { evidenceOf } from './evidence-of.ts';

/** Groups that are shown at once; the others stand behind a click. */
const shown = 12;

/**
 * Everything that the checks found, with its evidence: gathered by what was the case then, as a table; one by one, to be
 * searched and filtered, by the page's script (client/evidence-list.ts).
 */
export function evidenceSection(document: RunDocument, scene: Scene | null): Markup {
  const evidence = evidenceOf(document);
  if (evidence === null) return html``;
  const groups = evidenceGroups(evidence, scene);
  const [first, rest] = [groups.slice(0, shown), groups.slice(shown)];
  return html`<section id="evidence"><h2>What was found, one by one</h2><p>${listedText(evidence)}</p>
<h3>Gathered by what was the case then</h3>${groupTable(first)}${rest.length === 0 ? null : details(count(rest.length, 'more rows'), groupTable(rest))}
${dataBlock('evidence-data', evidence)}<div class="evidence" hidden>${form(evidence)}<div class="table"><table><thead><tr>${['at', 'what', 'client', 'node', 'key', 'id'].map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody></tbody></table></div>
<p class="pager"><button type="button" data-page="-1">‹ earlier</button> <span></span> <button type="button" data-page="1">later ›</button></p></div></section>`;
}

function listedText({ rows, total }: Evidence): string {
  const rest =
    rows.length < total
      ? `${number(rows.length)} of ${number(total)} are listed, an even selection with the first and the last among them, and the numbers of this section are of those. The others stand in history.jsonl beside this page, where each has its id; “lab check” judges them all again.`
      : `All ${number(total)} are listed. Each stands in history.jsonl beside this page, by its id.`;
  return total === 1
    ? 'The one that was found is listed. It stands in history.jsonl beside this page.'
    : rest;
}

function groupTable(groups: readonly EvidenceGroup[]): Markup {
  const at = (event: EvidenceGroup['before']) =>
    event === null ? '–' : html`<b>${seconds(event[0])}</b> ${event[1]}`;
  return table(
    ['when', 'what', 'answered by', 'who was primary then, for whom', 'before it', 'after it'],
    groups.map((group): Cell[] => [
      group.count === 1 ? seconds(group.from) : `${seconds(group.from)} – ${seconds(group.to)}`,
      html`<b>${count(group.count, unitOf(group.first))}</b> ${whatText(group.first, isShared(group, groups))}`,
      labelled('answered by', isLoss(group.first) ? group.first.node || '–' : '–'),
      labelled('primary then', group.primaries || 'nobody, or not known'),
      labelled('before', at(group.before)),
      labelled('after', at(group.after)),
    ]),
    'stacked',
  );
}

/** On a narrow screen, where a row's cells stand below each other, with what it is. */
function labelled(label: string, cell: Cell): Markup {
  return html`<span class="cell-label">${label}: </span>${cell}`;
}

function isShared({ first }: EvidenceGroup, groups: readonly EvidenceGroup[]): boolean {
  return groups.some(
    (one) =>
      one.first.kind === first.kind && one.first.cause === first.cause && one.first.check !== first.check,
  );
}

/** `lost: never reached the replica that was promoted`. */
function whatText(item: EvidenceItem, isShared: boolean): string {
  const words = causeWords(item.cause);
  const name = nameOf({ ...item, cause: item.cause === '' ? null : item.cause, isShared });
  return words === '' ? name : `${item.kind}: ${words}${isShared ? `, ${item.check}` : ''}`;
}

function form(evidence: Evidence): Markup {
  const choice = (name: string, label: string, options: readonly string[]) =>
    options.length < 2
      ? null
      : html`<label>${label} <select name="${name}"><option value="">all</option>${options.map((option) => html`<option>${option}</option>`)}</select></label>`;
  const seconds = (name: string, label: string) =>
    html`<label>${label} <input name="${name}" type="number" step="any" min="0" inputmode="decimal"> s</label>`;
  return html`<h3 id="evidence-list">One by one</h3><form class="filter-form" aria-labelledby="evidence-list"><label>id or key <input name="text" type="search" autocomplete="off"></label>${choice('check', 'check', evidence.checks)}${choice('kind', 'kind', evidence.kinds)}${choice('cause', 'cause', evidence.causes)}${choice('client', 'client', evidence.clients)}${choice('node', 'node', evidence.nodes)}${seconds('from', 'from')}${seconds('to', 'to')}<output></output></form>`;
}
