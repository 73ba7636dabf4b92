import type { Streams } from '../setup.ts';
import { answerCode } from './answer-code.ts';
import { askLab } from './ask-lab.ts';

/** `lab heal [ID]`: heals one fault of a standing lab, or all that are in force. Returns the exit code: 4 when a heal is not proved. */
export async function healCommand(
  id: string | null,
  { name, json = false }: { name: string; json?: boolean },
  streams: Streams,
): Promise<number> {
  const answer = await askLab(name, { ask: 'order', order: { do: 'heal', id } });
  return answerCode(answer, { json, state: 'healed' }, streams);
}
