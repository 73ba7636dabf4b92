import { html, type Markup } from '../markup.ts';
import { namesText } from '../slots/slot-words.ts';
import { details, table } from '../table.ts';
import { count, seconds } from '../units.ts';
import { bar, type Frame, lane, laneNote } from './lane.ts';
import type { Reach, ReachSpan } from './reach.ts';

/** More lanes than these are only in the table. */
const drawn = 12;
const rowPx = 18;

const words: Readonly<Record<ReachSpan['how'], string>> = {
  cut: 'not from',
  bus: 'its bus not from',
  slowed: 'slowed from',
  reset: 'connections reset from',
  replication: 'replica without its primary',
};

/** A lane for each node that could not be reached as usual, or several of which the same holds: from where, and when. */
export function reachLanes(frame: Frame, reach: readonly Reach[]): Markup {
  if (reach.length === 0) return html``;
  const rest = reach.slice(drawn).flatMap(({ nodes }) => nodes);
  return html`<h3>From where each node could not be reached</h3>${reach.slice(0, drawn).map((each) => reachLane(frame, each))}${
    rest.length > 0 ? laneNote(`${count(rest.length, 'more nodes')}: see the table`) : null
  }`;
}

function reachLane(frame: Frame, { nodes, spans }: Reach): Markup {
  const kinds = [...new Set(spans.map(({ how }) => how))];
  const texts = spans.map((span) => `${textOf(span)} from ${seconds(span.from)} to ${seconds(span.to)}`);
  return lane(frame, {
    label: nodes.length > 4 ? count(nodes.length, 'nodes') : nodes.join(', '),
    ...(nodes.length > 4 ? { note: namesText(nodes, 4) } : {}),
    describe: `${namesText(nodes, 4)}: ${texts.join('; ')}`,
    heightPx: kinds.length * rowPx,
    content: spans.map((span) =>
      bar(frame.axis, {
        from: span.from,
        to: span.to,
        className: span.how === 'cut' && span.isAll ? 'reach-none' : `reach-${span.how}`,
        y: kinds.indexOf(span.how) * rowPx + 1,
        heightPx: rowPx - 2,
        text: textOf(span),
        short: shortOf(span),
        title: `${namesText(nodes, 4)}: ${textOf(span)}, ${seconds(span.from)} to ${seconds(span.to)}`,
      }),
    ),
  });
}

function textOf({ how, hosts, isAll }: ReachSpan): string {
  if (how === 'replication') return words.replication;
  if (how === 'cut' && isAll) return 'from no other host';
  return `${words[how]} ${isAll ? 'any other host' : namesText(hosts, 4)}`;
}

function shortOf({ how, hosts, isAll }: ReachSpan): string {
  if (how === 'replication') return 'no primary';
  return isAll ? (how === 'cut' ? 'isolated' : how) : `${words[how]} ${count(hosts.length, 'hosts')}`;
}

/** The table behind the lanes, each node with a row of its own. */
export function reachTable(reach: readonly Reach[]): Markup {
  const rows = reach.flatMap(({ nodes, spans }) =>
    nodes.flatMap((node) =>
      spans.map((span) => [
        node,
        span.how === 'replication' ? words.replication : `${words[span.how]} ${span.hosts.join(', ')}`,
        seconds(span.from),
        seconds(span.to),
        seconds(span.to - span.from),
      ]),
    ),
  );
  if (rows.length === 0) return html``;
  return details(
    `Who could not be reached, as a table (${count(rows.length, 'spans')})`,
    table(['node', 'from where', 'from', 'to', 'lasted'], rows),
  );
}
