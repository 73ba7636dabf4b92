import type { LabEvent, Observations } from '../../../lab/history/observations.ts';
import { html, type Markup } from '../markup.ts';
import { details, table } from '../table.ts';
import { number, seconds } from '../units.ts';
import { type Decision, decisionsOf } from './decisions.ts';
import { type Frame, lane } from './lane.ts';
import { type Moment, momentsOf } from './moments.ts';

const rowPx = 19;
/** Decisions that are told of one moment; the table has them all. */
const toldOfMoment = 8;
const listed = 1000;
/** Who reports the same: more than these are told by their number. */
const mostNamed = 6;

/** What Sentinel and Redis decided once the load ran, as numbered marks, and the list that says what the numbers mean. */
export function eventLane(frame: Frame, seen: Observations): Markup {
  const moments = momentsOf(decisionsOf(seen), frame.axis.durationMs);
  const hadLoad = seen.loadWindow.to > seen.loadWindow.from;
  if (moments.length === 0) return html``;
  const marks = moments.map((moment, i) => {
    const y = moment.row * rowPx + 10;
    const x = frame.axis.x(moment.at);
    const stems = moment.decisions.map(
      ({ at }) =>
        html`<line class="event-stem" x1="${frame.axis.x(at)}" x2="${frame.axis.x(at)}" y1="0" y2="100%"/>`,
    );
    return html`<g>${stems}<circle class="event" cx="${x}" cy="${y}" r="8.5"/>
<text class="event-number" x="${x}" y="${y + 4}" text-anchor="middle">${i + 1}</text><title>${plainText(moment)}</title></g>`;
  });
  const picture = lane(frame, {
    label: 'decisions',
    note: `of ${seen.slots === undefined ? 'Sentinel and Redis' : 'the cluster’s nodes'}${hadLoad ? ' while the load ran' : ''}, numbered below`,
    describe: moments.map(plainText).join('; '),
    heightPx: (Math.max(...moments.map(({ row }) => row)) + 1) * rowPx + 2,
    content: marks,
  });
  return html`${picture}<div class="lane"><div class="lane-label"></div><ol class="events">${moments.map(item)}</ol></div>`;
}

export function eventTable(events: readonly LabEvent[]): Markup {
  if (events.length === 0) return html``;
  const cut = events.length > listed ? `, the first ${listed} of them` : '';
  return details(
    `Everything that was reported, as a table (${events.length} events${cut})`,
    table(
      ['at', 'source', 'kind', 'what'],
      events.slice(0, listed).map((e) => [seconds(e.at), e.source, e.kind, e.text]),
    ),
  );
}

function item({ decisions }: Moment): Markup {
  const told = decisions.slice(0, toldOfMoment);
  const lines = told.map((each, i) => {
    const time = seconds(each.at);
    const isSameTime = i > 0 && time === seconds((told[i - 1] as Decision).at);
    return html`<div>${isSameTime ? null : html`<b>${time}</b> `}${
      isOwnName(each.kind) ? html`<code>${each.kind}</code> ` : null
    }${each.text}${each.by.length === 0 ? null : html` <span class="quiet by">${byWhom(each.by)}</span>`}</div>`;
  });
  const rest = decisions.length - told.length;
  return html`<li>${lines}${rest === 0 ? null : html`<div class="quiet">and ${number(rest)} more, in the table below</div>`}</li>`;
}

/** Sentinel's names are what an expert looks for in the log; the lab's own kinds say nothing more than the text. */
function isOwnName(kind: string): boolean {
  return /^[+-]/.test(kind);
}

function byWhom(by: Decision['by']): Markup[] {
  const named = by.length > mostNamed ? by.slice(0, mostNamed / 2) : by;
  const texts = named.map(({ source, laterMs }) => `${source}${laterText(laterMs)}`);
  const others = by.length - named.length;
  if (others > 0) texts.push(`and ${number(others)} others, up to${laterText(by.at(-1)?.laterMs ?? 0)}`);
  return texts.map((text, i) => html`<span>${text}${i + 1 < texts.length ? ',' : ''}</span> `);
}

function laterText(laterMs: number): string {
  return laterMs < 1 ? '' : ` ${seconds(laterMs)} later`;
}

function plainText({ decisions }: Moment): string {
  return decisions
    .slice(0, toldOfMoment)
    .map((each) => `${seconds(each.at)} ${isOwnName(each.kind) ? `${each.kind} ` : ''}${each.text}`)
    .join('; ');
}
