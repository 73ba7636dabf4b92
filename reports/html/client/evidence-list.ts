import { type Evidence, type EvidenceItem, type EvidenceRow, itemOf } from '../evidence/evidence.ts';
import { momentAt } from '../evidence/evidence-groups.ts';
import { html, type Markup } from '../markup.ts';
import type { Scene } from '../topology/scene.ts';
import { type SceneData, sceneFrom } from '../topology/scene-data.ts';
import { number, seconds } from '../units.ts';
import { tellMoment } from './moment-event.ts';

const rowsOfPage = 50;
/** Decisions that are told before and after a finding. */
const around = 3;

/** The list of findings: filtered, page by page, each with what was the case then. */
export function evidenceList(): void {
  const box = document.querySelector<HTMLElement>('.evidence');
  const form = box?.querySelector('form');
  const body = box?.querySelector('tbody');
  const data = document.querySelector('.evidence-data')?.textContent;
  if (!box || !form || !body || !data) return;
  const evidence = JSON.parse(data) as Evidence;
  const drawn = document.querySelector('.topology-data')?.textContent;
  const scene = drawn ? sceneFrom(JSON.parse(drawn) as SceneData) : null;
  const [earlier, later] = box.querySelectorAll<HTMLButtonElement>('[data-page]');
  const place = box.querySelector('.pager span');
  let fitting = evidence.rows;
  let page = 0;
  let open: EvidenceRow | null = null;

  const show = () => {
    const last = Math.max(0, Math.ceil(fitting.length / rowsOfPage) - 1);
    page = Math.min(Math.max(page, 0), last);
    const from = page * rowsOfPage;
    const rows = fitting.slice(from, from + rowsOfPage);
    body.innerHTML =
      html`${rows.map((row, i) => rowOf(itemOf(evidence, row), from + i, row === open, scene, evidence))}`.markup;
    if (place)
      place.textContent =
        fitting.length === 0
          ? 'none'
          : `${number(from + 1)}–${number(from + rows.length)} of ${number(fitting.length)}`;
    if (earlier) earlier.disabled = page === 0;
    if (later) later.disabled = page === last;
  };
  const filter = () => {
    const wanted = filterIn(new FormData(form), evidence);
    fitting = evidence.rows.filter(wanted);
    page = 0;
    const output = form.querySelector('output');
    if (output)
      output.value =
        fitting.length === evidence.rows.length
          ? ''
          : `${number(fitting.length)} of ${number(evidence.rows.length)}`;
    show();
  };
  for (const button of [earlier, later])
    button?.addEventListener('click', () => {
      page += Number(button.dataset.page);
      show();
    });
  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => event.preventDefault());
  body.addEventListener('click', (event) => {
    const button =
      event.target instanceof Element ? event.target.closest<HTMLElement>('button[data-row]') : null;
    const row = button === null ? undefined : fitting[Number(button.dataset.row)];
    if (row === undefined || button === null) return;
    open = open === row ? null : row;
    if (open !== null) tellMoment(row[0], box);
    show();
    body.querySelector<HTMLElement>(`[data-row="${button.dataset.row}"]`)?.focus();
  });
  box.hidden = false;
  filter();
}

/** Whether a row is asked for; names are compared by their places, of which there are few. */
function filterIn(form: FormData, evidence: Evidence): (row: EvidenceRow) => boolean {
  const value = (name: string) => String(form.get(name) ?? '').trim();
  const [check, kind, cause, client, node] = (
    [
      ['check', evidence.checks],
      ['kind', evidence.kinds],
      ['cause', evidence.causes],
      ['client', evidence.clients],
      ['node', evidence.nodes],
    ] as const
  ).map(([name, names]) => (value(name) === '' ? null : names.indexOf(value(name))));
  const text = value('text').toLowerCase();
  const keys = new Set(evidence.keys.flatMap((key, i) => (key.toLowerCase().includes(text) ? [i] : [])));
  const fromMs = value('from') === '' ? Number.NEGATIVE_INFINITY : Number(value('from')) * 1000;
  const toMs = value('to') === '' ? Number.POSITIVE_INFINITY : Number(value('to')) * 1000;
  const is = (wanted: number | null | undefined, got: number) => wanted === null || wanted === got;
  return ([at, ofCheck, ofKind, ofCause, ofClient, ofNode, key, , id]) =>
    at >= fromMs &&
    at <= toMs &&
    is(check, ofCheck) &&
    is(kind, ofKind) &&
    is(cause, ofCause) &&
    is(client, ofClient) &&
    is(node, ofNode) &&
    (text === '' || keys.has(key) || String(id ?? '').includes(text));
}

function rowOf(
  item: EvidenceItem,
  place: number,
  isOpen: boolean,
  scene: Scene | null,
  evidence: Evidence,
): Markup {
  const { at, kind, cause, client, node, key, id } = item;
  const what = cause === '' || cause === kind ? kind : `${kind}: ${cause}`;
  return html`<tr><td><button type="button" data-row="${place}" aria-expanded="${String(isOpen)}">${seconds(at)}</button></td><td>${what}</td><td>${client || '–'}</td><td>${node || '–'}</td><td>${key || '–'}</td><td>${id === null ? '–' : String(id)}</td></tr>${isOpen ? detailsOf(item, scene, evidence) : null}`;
}

function detailsOf(item: EvidenceItem, scene: Scene | null, { decisions, meanings }: Evidence): Markup {
  const { at, kind, cause, client, node, key, id, text, check } = item;
  const moment = momentAt(scene, at);
  const before = decisions.filter(([when]) => when <= at).slice(-around);
  const after = decisions.filter(([when]) => when > at).slice(0, around);
  const list = (events: Evidence['decisions']) =>
    events.length === 0
      ? '–'
      : html`<ul>${events.map(([when, what]) => html`<li><b>${seconds(when)}</b> (${when <= at ? '−' : '+'}${seconds(Math.abs(when - at))}) ${what}</li>`)}</ul>`;
  const said =
    text !== ''
      ? text
      : `${node || 'an unknown node'} acknowledged ${id ?? ''} in ${key} to ${client} at ${(at / 1000).toFixed(3)} s, and it is not in the final read.`;
  return html`<tr class="evidence-detail"><td colspan="6"><dl class="scope"><dt>Found by ${check}</dt><dd>${said}</dd>
${moment === undefined ? null : html`<dt>At that moment</dt><dd>${moment.sentence}</dd>`}${cause === '' || !Object.hasOwn(meanings, cause) ? null : html`<dt>Cause (${cause})</dt><dd>${meanings[cause] ?? ''}</dd>`}
<dt>Decided before</dt><dd>${list(before)}</dd><dt>Decided after</dt><dd>${list(after)}</dd>${
    id === null || kind === 'over-admitted'
      ? null
      : html`<dt>In the history</dt><dd><code>grep -n ',${id},' history.jsonl</code></dd>`
  }</dl></td></tr>`;
}
