import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sleep } from '../../common/clock.ts';
import { LabError, UsageError } from '../../common/errors.ts';
import type { Streams } from '../setup.ts';
import { tryLab } from './ask-lab.ts';
import { socketPath, standingDirectory } from './socket-path.ts';
import type { UpOptions } from './up-command.ts';
import { upWords } from './up-words.ts';

const LOOK_EVERY_MS = 50;

/**
 * Starts `lab up` with these options in the background, and returns when its lab stands: exit code 0. When it ends
 * before, throws what it said.
 */
export async function detached(what: string, options: UpOptions, { stdout }: Streams): Promise<number> {
  const { name } = options;
  socketPath(name);
  const log = path.join(standingDirectory(), `${name}.log`);
  const fd = openSync(log, 'w', 0o600);
  const bin = path.join(import.meta.dirname, '..', 'bin.mjs');
  const child = spawn(process.execPath, [bin, ...upWords(what, options)], {
    detached: true,
    stdio: ['ignore', fd, fd],
  });
  closeSync(fd);
  child.unref();
  const address = await standing(name, child, log);
  stdout.write(
    `the lab stands: ${address}\n  it goes on until npx lab down${name === 'lab' ? '' : ` --name ${name}`}; what it says: ${log}\n`,
  );
  return 0;
}

async function standing(name: string, child: ChildProcess, log: string): Promise<string> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw saidBy(child, log);
    const status = await tryLab(name, { ask: 'status' }).catch(() => null);
    // Another lab of the name is no matter of ours: the one we started says so, and ends.
    if (status?.pid === child.pid && status?.phase === 'disturb') return status.address;
    await sleep(LOOK_EVERY_MS);
  }
}

function saidBy({ exitCode, signalCode }: ChildProcess, log: string): Error {
  const said = readFileSync(log, 'utf8').trimEnd().split('\n');
  const error = said.find((line) => line.startsWith('error: '))?.slice('error: '.length);
  if (exitCode === 2 && error !== undefined) return new UsageError(error);
  return new LabError(`the lab ended before it stood (${signalCode ?? `exit code ${exitCode}`})`, {
    details: said.slice(-20),
  });
}
