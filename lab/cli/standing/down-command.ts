import { LabError } from '../../common/errors.ts';
import type { Streams } from '../setup.ts';
import { askLab } from './ask-lab.ts';

/** `lab down`: ends a standing lab in order, and waits for its report. Returns the exit code. */
export async function downCommand({ name }: { name: string }, { stdout }: Streams): Promise<number> {
  const { report, reason, failed } = await askLab(name, { ask: 'down' });
  if (failed) throw new LabError(reason);
  stdout.write(`report: ${report}\n`);
  return 0;
}
