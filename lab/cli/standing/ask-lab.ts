import { readdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { LabError, messageOf, UsageError } from '../../common/errors.ts';
import { withNearest } from '../../common/nearest-name.ts';
import type { AnswerTo, Question } from './control-protocol.ts';
import { lineFrom } from './line-from.ts';
import { socketPath, standingDirectory } from './socket-path.ts';

/** Asks the standing lab of this name. UsageError when none stands, LabError when it ends before it has answered. */
export async function askLab<Q extends Question>(name: string, question: Q): Promise<AnswerTo<Q>> {
  const answer = await tryLab(name, question);
  if (answer !== null) return answer;
  const others = standingNames().filter((other) => other !== name);
  throw new UsageError(
    others.length === 0
      ? `no lab called ${JSON.stringify(name)} stands; lab up starts one`
      : withNearest(`no lab called ${JSON.stringify(name)} stands`, name, others),
  );
}

/** The same; null when none stands. */
export async function tryLab<Q extends Question>(name: string, question: Q): Promise<AnswerTo<Q> | null> {
  const path = socketPath(name);
  const connection = createConnection(path);
  connection.write(`${JSON.stringify(question)}\n`);
  let line: string | null;
  try {
    line = await lineFrom(connection);
  } catch (error) {
    // No file, or one that a lab left behind which was killed.
    if (['ENOENT', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw new LabError(`cannot reach the lab ${name} at ${path}: ${messageOf(error)}`, { cause: error });
  } finally {
    connection.destroy();
  }
  if (line === null) throw new LabError(`the lab ${name} ended before it answered`);
  return JSON.parse(line) as AnswerTo<Q>;
}

/** Names with a socket; a lab that was killed may have left one. */
function standingNames(): string[] {
  return readdirSync(standingDirectory()).flatMap((file) => /^(.+)\.sock$/.exec(file)?.[1] ?? []);
}
