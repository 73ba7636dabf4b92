import type { SlotOwnership } from '../../../lab/run/record.ts';
import type { RunDocument } from '../../data/run-document.ts';
import { html, type Markup } from '../markup.ts';
import { details, table } from '../table.ts';
import { spansOf } from '../timeline/coverage-lanes.ts';
import { count, number, seconds } from '../units.ts';
import { beliefText, type Disagreement, disagreementsOf } from './disagreements.ts';
import { certainFromMs, servedText, slotsText } from './slot-words.ts';

/** More disagreements than these stand behind a click. */
const shown = 6;
const rowLimit = 400;

/** In words and tables what the timeline draws of a cluster's slots: who served them, and who owned them according to whom. */
export function slotsSection({ ownership, seen }: RunDocument): Markup {
  if (ownership === undefined) return html``;
  const all = disagreementsOf(ownership);
  const disagreements = all.filter(({ from, to }) => to - from > certainFromMs);
  const [first, rest] = [disagreements.slice(0, shown), disagreements.slice(shown)];
  return html`<section id="slots"><h2>Who served which slots</h2><p>${coverageText(ownership, seen.durationMs)} ${mindText(disagreements.length, all.length)}</p>${list(first)}${
    rest.length === 0 ? null : details(count(rest.length, 'more disagreements'), list(rest))
  }
<p class="quiet">Nodes were asked for their view several times a second: each time is as inexact as that.</p>${coverageTable(ownership, seen.durationMs)}${beliefTable(ownership)}</section>`;
}

function mindText(long: number, all: number): string {
  const most = seconds(certainFromMs);
  if (all === 0)
    return 'All nodes that ran were of one mind about every slot’s owner whenever they were asked.';
  if (long === 0)
    return `The nodes that ran were never of different minds about a slot’s owner for more than ${most}, which may be no more than the time between two questions.`;
  const brief = all - long;
  const besides =
    brief === 0
      ? ''
      : ` (and ${timesText(brief).toLowerCase()} more for no longer than ${most}: see the table)`;
  return `${timesText(long)} the nodes that ran were not of one mind about who owns some slots${besides}:`;
}

function timesText(n: number): string {
  return ['', 'Once', 'Twice'][n] ?? `${number(n)} times`;
}

function coverageText({ coverage, shards }: SlotOwnership, durationMs: number): string {
  const spans = spansOf(coverage, durationMs);
  const lacking = spans.filter(({ share }) => share < 1);
  if (lacking.length === 0)
    return `All ${count(shards.length, 'shards')} served all of their slots all the time.`;
  const lowest = Math.min(...lacking.map(({ share }) => share));
  const ms = lacking.reduce((sum, { from, to }) => sum + to - from, 0);
  const never = spans.at(-1)?.share !== 1;
  return `For ${seconds(ms)} not every slot was served, at the worst ${lowest === 0 ? 'none' : `${servedText(lowest)} of them`}${never ? ', and to the end of the run not all of them' : ''}.`;
}

function list(disagreements: readonly Disagreement[]): Markup {
  if (disagreements.length === 0) return html``;
  return html`<ul class="disagreements">${disagreements.map(
    ({ title, sentence }) => html`<li><b>${title}.</b> ${sentence}</li>`,
  )}</ul>`;
}

function coverageTable({ coverage, shards }: SlotOwnership, durationMs: number): Markup {
  const rows = spansOf(coverage, durationMs).map(({ from, to, share }) => {
    const lacking = shards.flatMap((shard) => {
      const own = shard.coverage.findLast(({ at }) => at <= from)?.share ?? 1;
      return own === 1
        ? []
        : [
            `${shard.shard} (${own === 0 ? 'none' : number(Math.round(own * shard.count))} of its ${number(shard.count)})`,
          ];
    });
    return [seconds(from), seconds(to), seconds(to - from), servedText(share), lacking.join(', ') || '–'];
  });
  return cutTable(
    'Slot coverage',
    ['from', 'to', 'lasted', 'served', 'shards that were not served whole'],
    rows,
  );
}

function beliefTable({ groups }: SlotOwnership): Markup {
  const rows = groups.flatMap((group) =>
    group.beliefs.map((belief) => [
      slotsText(group.slots),
      number(group.count),
      seconds(belief.from),
      seconds(belief.to),
      seconds(belief.to - belief.from),
      beliefText(belief),
    ]),
  );
  return cutTable(
    'Who owned which slots according to whom',
    ['slots', 'how many', 'from', 'to', 'lasted', 'owner'],
    rows,
  );
}

function cutTable(title: string, head: readonly string[], rows: readonly string[][]): Markup {
  const cut = rows.length > rowLimit ? `, the first ${rowLimit} of them` : '';
  return details(
    `${title}, as a table (${count(rows.length, 'spans')}${cut})`,
    table(head, rows.slice(0, rowLimit)),
  );
}
