import type { Observations, Role } from '../../../lab/history/observations.ts';
import { html, type Markup } from '../markup.ts';
import { details, table } from '../table.ts';
import { seconds } from '../units.ts';
import { bar, type Frame, lane } from './lane.ts';

/** Every role that a lane can show, in the legend's order. */
export const roles: readonly Role[] = ['primary', 'replica', 'down', 'paused', 'loading', 'unknown'];

/** A lane per node: which role it had when, told apart by pattern and by word as well as by colour. */
export function roleLanes(frame: Frame, seen: Observations): Markup[] {
  return seen.nodes.map((node) => {
    const spans = seen.roles.filter((span) => span.node === node);
    const words = spans.map((s) => `${s.role} from ${seconds(s.from)} to ${seconds(s.to)}`);
    return lane(frame, {
      label: node,
      describe: `${node}: ${words.join(', ') || 'no role was seen'}`,
      heightPx: 24,
      content: spans.map(({ from, to, role }) =>
        bar(frame.axis, {
          from,
          to,
          className: `role-${role}`,
          y: 2,
          heightPx: 20,
          text: role,
          title: `${node} is ${role} from ${seconds(from)} to ${seconds(to)}`,
        }),
      ),
    });
  });
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
