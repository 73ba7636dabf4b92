import { faultFromWords } from '../../faults/words/fault-from-words.ts';
import { forms } from '../../faults/words/forms.ts';
import type { Streams } from '../setup.ts';
import { answerCode } from './answer-code.ts';
import { askLab } from './ask-lab.ts';

/**
 * `lab fault NAME TARGET …`: injects it into a standing lab, and prints its id and its proof; without a name lists what there
 * is. Returns the exit code: 0 when it is proved, 4 when it is not. Throws UsageError and LabError.
 */
export async function faultCommand(
  words: readonly string[],
  { name, json = false }: { name: string; json?: boolean },
  streams: Streams,
): Promise<number> {
  if (words.length === 0) {
    for (const line of usages()) streams.stdout.write(`${line}\n`);
    return 0;
  }
  // What makes no sense anywhere is told even where no lab stands.
  const { endsItself } = faultFromWords(words);
  const answer = await askLab(name, { ask: 'order', order: { do: 'inject', words } });
  return answerCode(answer, { json, state: endsItself ? 'done' : 'in force' }, streams);
}

/** How each is asked for, a line each: `latency FROM TO --latencyMs N [--jitterMs N]`. */
function usages(): string[] {
  const lines = Object.entries(forms).map(([name, { parameters }]) => {
    const words = Object.entries(parameters).map(([parameter, { by, optional, choices }]) => {
      const value = choices === undefined ? 'VALUE' : choices.join('|');
      const flag = choices?.join() === 'false,true' ? `--${parameter}` : `--${parameter} ${value}`;
      const word = by === 'option' ? flag : `${parameter.toUpperCase()}${by === 'rest' ? ' …' : ''}`;
      return optional ? `[${word}]` : word;
    });
    return `  ${[name, ...words].join(' ')}`;
  });
  return [
    'lab fault NAME TARGET …, spelled as in a scenario; targets are roles and names, as primary, replicas, "a replica",',
    'node:redis-1, host:client-1; several with commas between:',
    ...lines,
    '  flap NAME TARGET … --onMs VALUE --offMs VALUE',
  ];
}
