import { LabError, UsageError } from '../../common/errors.ts';
import type { Answer } from '../../run/order.ts';
import type { Streams } from '../setup.ts';

export interface AnswerOptions {
  json: boolean;
  /** What the order was for. */
  state: 'in force' | 'done' | 'healed';
}

/** Prints what came of an order, a line for each fault. Returns 0, or 4 where it was not proved; throws what the lab refused with. */
export function answerCode(answer: Answer, { json, state }: AnswerOptions, { stdout }: Streams): number {
  if (!answer.ok) {
    if (answer.usage) throw new UsageError(answer.message);
    throw new LabError(answer.message, { details: answer.details });
  }
  const { faults } = answer;
  const isHealed = state === 'healed';
  const isProved = (fault: (typeof faults)[number]) =>
    (isHealed ? fault.recoveredAt : fault.provedAt) !== null;
  const lines = faults.map((fault) => {
    const words = isProved(fault) ? state : `NOT PROVED to be ${state}`;
    return `${fault.id}  ${words}: ${fault.text}${isHealed ? '' : ` (${fault.proof})`}`;
  });
  const text = lines.length === 0 ? 'nothing was in force' : lines.join('\n');
  stdout.write(`${json ? JSON.stringify({ faults }, null, 2) : text}\n`);
  return faults.every(isProved) ? 0 : 4;
}
