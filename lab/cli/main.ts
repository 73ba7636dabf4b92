import { Socket } from 'node:net';
import { CommanderError } from 'commander';
import { beforeExit } from '../common/before-exit.ts';
import { LabError, UsageError } from '../common/errors.ts';
import { exitOf } from './exit-of.ts';
import { program } from './program.ts';
import type { Streams } from './setup.ts';

/** What a shell shows for a program that wrote into a closed pipe: 128 + SIGPIPE. */
const BROKEN_PIPE = 141;

/** The command line's program: parses, runs one command, and returns its exit code. Never throws. */
export async function main(args: readonly string[], streams: Streams): Promise<number> {
  let exitCode = 0;
  try {
    const parser = program(streams, (code) => {
      exitCode = code;
    });
    await parser.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has told of it already; its own exit code for anything wrong is 1, which is a claim's here.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof UsageError || error instanceof LabError) return exitOf(error, streams.stderr);
    const stack = error instanceof Error ? error.stack : String(error);
    streams.stderr.write(`error: a defect of the lab's own: ${stack}\n`);
    return 3;
  }
}

/** `main` as a process of its own: exit code, a reader that goes away, a starter that dies. */
export async function runMain(args: readonly string[]): Promise<void> {
  const lifeline = process.env.FAILOVER_LAB_LIFELINE;
  delete process.env.FAILOVER_LAB_LIFELINE;
  if (lifeline !== undefined) watchStarter(Number(lifeline));
  // `lab list | head -1`: nobody reads on, and the runs end with us.
  process.stdout.on('error', () => process.exit(BROKEN_PIPE));
  process.exitCode = await main(args, process);
  await beforeExit();
  // What was asked for is done; whatever might still keep the process alive must not.
  setTimeout(() => process.exit(), 500).unref();
}

/** Ends this process when the one that started it is gone: the runs are killed with it by the kernel. */
function watchStarter(fd: number): void {
  const lifeline = new Socket({ fd, readable: true, writable: false });
  lifeline.on('error', () => {});
  lifeline.once('close', () => process.exit(137));
  lifeline.resume().unref();
}
