import { createInterface } from 'node:readline';
import { beforeExit } from '../common/before-exit.ts';
import { LabError, messageOf } from '../common/errors.ts';
import { real } from '../common/lab-speed.ts';
import type { FromClients, ToClients } from './protocol.ts';

/** When so much of our output is waiting for the lab to read it, another figure would only be late. */
const UNREAD_BYTES = 16_384;
/** How long the last line may wait for its reader. */
const LAST_LINE_MS = real(500);

/** What a process of the lab does when it is told to, as protocol.ts has it. */
export interface ProcessWork<Config> {
  /** Gets ready, and gives what begins the work. */
  prepare(config: Config): Promise<() => unknown>;
  /** Ends the work, what is under way within `graceMs`, and then the process. */
  finish(graceMs: number): Promise<void>;
  /** Stops at once after a failure of the lab's own. What has been recorded so far is kept, where the disk takes it. */
  fail(): void;
  /** Keeps what is known, at once: nobody is left to tell anything, and the process ends. */
  orphaned(): void;
}

let work: Pick<ProcessWork<never>, 'fail'> | undefined;

export function say(line: FromClients): void {
  if (line.type === 'stats' && process.stdout.writableLength > UNREAD_BYTES) return;
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Says a last line, and exits when it has been read, or in half a second. */
export function end(line: FromClients, code: number): void {
  setTimeout(() => process.exit(code), LAST_LINE_MS);
  process.stdout.write(`${JSON.stringify(line)}\n`, () => void beforeExit().then(() => process.exit(code)));
}

/** Ends the process with a failure of the lab's own. */
export function abandon(error: unknown): void {
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', () => process.exit(3));
  work?.fail();
  end(
    {
      type: 'error',
      message: messageOf(error),
      details: error instanceof LabError ? error.details : [],
    },
    3,
  );
}

/**
 * A command that ioredis sent by itself and lost: it subscribes again after each reconnect, also in its failover
 * detector, and ioredis 6.0 does not look at what becomes of that (redis/ioredis#2187). Operations are all waited for.
 */
function isLostCommand(reason: unknown): boolean {
  return reason instanceof Error && ['Connection is closed.', 'Command timed out'].includes(reason.message);
}

/** Listens to the lab on stdin: the first line is the configuration, the others are commands. */
export function serve<Config>(given: ProcessWork<Config>): void {
  work = given;
  let prepared: Promise<() => unknown> | undefined;
  const lines = createInterface({ input: process.stdin });
  lines.on('close', () => {
    given.orphaned();
    process.exit(1);
  });
  lines.on('line', (line) => {
    if (prepared === undefined) {
      prepared = given.prepare(JSON.parse(line));
      prepared.then(() => say({ type: 'ready' }), abandon);
      return;
    }
    const message: ToClients = JSON.parse(line);
    if (message.type === 'start') prepared.then((begin) => begin()).catch(abandon);
    else given.finish(message.graceMs).catch(abandon);
  });
  process.on('uncaughtException', abandon);
  process.on('unhandledRejection', (reason) => {
    if (!isLostCommand(reason)) abandon(reason);
  });
  process.on('SIGTERM', () => void given.finish(0).catch(abandon));
  // Ctrl-C in a terminal reaches the whole process group; the lab decides when the work stops.
  process.on('SIGINT', () => {});
  // The lab closed its end; the end of stdin says the rest.
  process.stdout.on('error', () => {});
}
