import type { Observations, Role, RoleSpan } from '../../../lab/history/observations.ts';
import { html, type Markup } from '../markup.ts';
import { namesText } from '../slots/slot-words.ts';
import { details, table } from '../table.ts';
import { count, seconds } from '../units.ts';
import { bar, type Frame, lane } from './lane.ts';

/** Every role that a lane can show, in the legend's order. */
export const roles: readonly Role[] = ['primary', 'replica', 'down', 'paused', 'loading', 'unknown'];

/** Of more nodes than these, those whose role never changed while the load ran share a lane. */
const mostAlone = 12;

/** A lane per node: which role it had when, told apart by pattern and by word as well as by colour. */
export function roleLanes(frame: Frame, seen: Observations): Markup[] {
  const steady = seen.nodes.length > mostAlone ? seen.nodes.filter((node) => isSteady(node, seen)) : [];
  const alone = seen.nodes.filter((node) => !steady.includes(node));
  const alike = Map.groupBy(steady, (node) => seen.roles.findLast((span) => span.node === node)?.role);
  return [
    ...alone.map((node) => {
      const spans = seen.roles.filter((span) => span.node === node);
      return roleLane(frame, node, spans, (span) => textOf(span, seen));
    }),
    ...[...alike].map(([role = 'unknown', nodes]) => {
      const from = Math.max(...nodes.map((node) => spansFrom(node, seen).at(-1)?.from ?? 0));
      const span = { node: '', role, from, to: seen.durationMs };
      return roleLane(frame, count(nodes.length, 'nodes'), [span], () => role, namesText(nodes, 4));
    }),
  ];
}

function roleLane(
  frame: Frame,
  label: string,
  spans: readonly RoleSpan[],
  text: (span: RoleSpan) => string,
  note?: string,
): Markup {
  const words = spans.map((s) => `${text(s)} from ${seconds(s.from)} to ${seconds(s.to)}`);
  return lane(frame, {
    label,
    ...(note === undefined ? {} : { note }),
    describe: `${note ?? label}: ${words.join(', ') || 'no role was seen'}`,
    heightPx: 24,
    content: spans.map((span) =>
      bar(frame.axis, {
        from: span.from,
        to: span.to,
        className: `role-${span.role}`,
        y: 2,
        heightPx: 20,
        text: text(span),
        short: span.role,
        title: `${note ?? label} is ${text(span)} from ${seconds(span.from)} to ${seconds(span.to)}`,
      }),
    ),
  });
}

/** In a cluster also whose replica it is, by its own account: one primary after another. */
function textOf({ node, role, from, to }: RoleSpan, { samples, slots }: Observations): string {
  if (role !== 'replica' || slots === undefined) return role;
  const own = samples.filter((sample) => sample.node === node && sample.at >= from && sample.at < to);
  const primaries = [...new Set(own.flatMap(({ primary }) => primary ?? []))];
  return primaries.length === 0 ? role : `replica of ${primaries.join(', then ')}`;
}

function spansFrom(node: string, { roles: all, loadWindow }: Observations): RoleSpan[] {
  return all.filter((span) => span.node === node && span.to > loadWindow.from);
}

function isSteady(node: string, seen: Observations): boolean {
  return spansFrom(node, seen).length <= 1;
}

export function roleTable(seen: Observations): Markup {
  if (seen.roles.length === 0) return html``;
  return details(
    `Roles as a table (${seen.roles.length} spans)`,
    table(
      ['node', 'role', 'from', 'to', 'lasted'],
      seen.roles.map((s) => [s.node, s.role, seconds(s.from), seconds(s.to), seconds(s.to - s.from)]),
    ),
  );
}
