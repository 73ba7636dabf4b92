import type { FaultWindow } from '../../../lab/history/observations.ts';
import { html, type Markup } from '../markup.ts';
import { details, table } from '../table.ts';
import { seconds } from '../units.ts';
import { bar, type Frame, lane } from './lane.ts';

/** More than these are only listed in the table. */
const drawn = 12;

/** A lane per fault: hatched while it was being injected or healed, full while it is proved to have been in force. */
export function faultLanes(frame: Frame): Markup[] {
  return frame.faults.slice(0, drawn).map((fault) => {
    const end = fault.healedAt ?? frame.axis.durationMs;
    const title = `${fault.text}: injected at ${seconds(fault.injectedAt)}, ${proofText(fault)}`;
    const span = (from: number, to: number, className: string, text: string) =>
      bar(frame.axis, { from, to, className, y: 2, heightPx: 20, text, title });
    const content: Markup[] = [];
    if (fault.provedAt === null) content.push(span(fault.injectedAt, end, 'fault-unproved', 'not proved'));
    else {
      content.push(span(fault.injectedAt, fault.provedAt, 'fault-unproved', ''));
      content.push(
        span(fault.provedAt, end, 'fault-proved', fault.healedAt === null ? 'never healed' : fault.name),
      );
    }
    if (fault.healedAt !== null && fault.recoveredAt !== null) {
      content.push(span(fault.healedAt, fault.recoveredAt, 'fault-unproved', ''));
    }
    return lane(frame, {
      label: `fault: ${fault.name}`,
      note: fault.text,
      describe: title,
      heightPx: 24,
      content,
    });
  });
}

/** The table behind the fault lanes. */
export function faultTable(faults: readonly FaultWindow[]): Markup {
  if (faults.length === 0) return html``;
  const at = (ms: number | null, otherwise: string) => (ms === null ? otherwise : seconds(ms));
  return details(
    `Faults as a table (${faults.length})`,
    table(
      ['fault', 'injected', 'proved', 'healing began', 'heal proved', 'proof'],
      faults.map((f) => [
        f.text,
        seconds(f.injectedAt),
        at(f.provedAt, 'not proved'),
        at(f.healedAt, 'never'),
        at(f.recoveredAt, 'not proved'),
        f.proof,
      ]),
    ),
  );
}

function proofText(fault: FaultWindow): string {
  return fault.provedAt === null ? `not proved (${fault.proof})` : `proved at ${seconds(fault.provedAt)}`;
}
