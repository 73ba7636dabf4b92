/**
 * The process in which one load runs on one host: it starts k6 and turns what k6's users say into a history. It is
 * talked with as ../client-process.ts is; see ../protocol.ts and load-protocol.ts.
 *
 * On `stop` the virtual users end the request that they are at and begin no other. They have at least as long as the
 * longest `requestTimeoutMs`, so every request that was begun gets its outcome, and none is open at the end.
 */
import { createInterface } from 'node:readline';
import { sleep } from '../../common/clock.ts';
import { LabError, messageOf } from '../../common/errors.ts';
import { LogWriter } from '../../history/log-writer.ts';
import type { FromClients, ToClients } from '../protocol.ts';
import { freePort, K6 } from './k6-process.ts';
import type { LoadProcessConfig } from './load-protocol.ts';
import { UserLines } from './user-lines.ts';

const statsEveryMs = 100;
/** When so much of our output is waiting for the lab to read it, another figure would only be late. */
const unreadBytes = 16_384;
/** How long the last line may wait for its reader. */
const lastLineMs = 500;
/** What k6 may take, beyond a request's timeout, to give it up, and to end. */
const slackMs = 3000;
/** How long after the announcement of the stop a user may still begin something that it had decided on. */
const settleMs = 30;

interface Running {
  config: LoadProcessConfig;
  k6: K6;
  lines: UserLines;
  log: LogWriter;
}

let running: Running | undefined;
let stats: NodeJS.Timeout | undefined;
let stopping = false;

function say(line: FromClients): void {
  if (line.type === 'stats' && process.stdout.writableLength > unreadBytes) return;
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Says a last line, and exits when it has been read, or in half a second. */
function end(line: FromClients, code: number): void {
  setTimeout(() => process.exit(code), lastLineMs);
  process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(code));
}

/** The lab's own failure. What has been recorded so far is kept, where the disk still takes it. */
function abandon(error: unknown): void {
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', () => process.exit(3));
  clearInterval(stats);
  stopping = true;
  running?.k6.kill();
  const details = error instanceof LabError ? error.details : [];
  end({ type: 'error', message: messageOf(error), details }, 3);
}

async function prepare(config: LoadProcessConfig): Promise<void> {
  const { workload, clients, apps, historyFile, startOfRunMs, startOfRunUnixMs, seed } = config;
  const log = new LogWriter(historyFile, { onError: abandon });
  const indexes = clients.map(({ index }) => index);
  const lines = new UserLines({ log, indexes, startOfRunMs, startOfRunUnixMs });
  const firstIndex = clients[0]?.index ?? 0;
  const script = { workload, apps, seed: String(seed), firstIndex, record: config.record ?? true };
  const k6 = new K6(config, script, await freePort(), (line) => lines.take(line));
  running = { config, k6, lines, log };
  await k6.ready(config.connectWithinMs ?? 30_000);
  k6.ended.then(() => {
    if (!stopping) abandon(k6.endedEarly());
  }, abandon);
}

async function begin(): Promise<void> {
  if (running === undefined) return;
  const { k6, lines } = running;
  await k6.resume();
  stats = setInterval(() => say({ type: 'stats', at: lines.now(), ...lines.tally }), statsEveryMs);
}

async function finish(graceMs: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (running === undefined) return process.exit(0);
  const { config, k6, lines, log } = running;
  clearInterval(stats);
  if (stats === undefined) k6.kill();
  else {
    await k6.announceStop();
    await sleep(settleMs);
    await whenAllAreOut(running, graceMs);
    await k6.end(slackMs);
  }
  await k6.ended;
  log.close();
  const { summary, tally } = lines;
  if (summary !== undefined) say({ type: 'summary', load: config.workload.name, ...summary });
  end({ type: 'done', at: lines.now(), ...tally }, 0);
}

/** Whoever is not back by then would have lost what it recorded last: that is the lab's failure. */
async function whenAllAreOut({ config, lines, k6 }: Running, graceMs: number): Promise<void> {
  const longestMs = Math.max(...config.workload.journeys.map((journey) => journey.requestTimeoutMs));
  const deadline = lines.now() + Math.max(graceMs, longestMs) + slackMs;
  while (lines.inside > 0 && k6.process.exitCode === null) {
    if (lines.now() > deadline)
      throw new LabError(`${lines.inside} virtual users of k6 did not end what they were at`, {
        details: k6.words,
      });
    await sleep(5);
  }
}

/** Nobody is left to tell anything: keep what is known, and go. */
function orphaned(): void {
  running?.k6.kill();
  running?.log.flush();
  process.exit(1);
}

async function main(): Promise<void> {
  let prepared: Promise<void> | undefined;
  const input = createInterface({ input: process.stdin });
  input.on('close', orphaned);
  input.on('line', (line) => {
    if (prepared === undefined) {
      prepared = prepare(JSON.parse(line));
      prepared.then(() => say({ type: 'ready' }), abandon);
      return;
    }
    const message: ToClients = JSON.parse(line);
    if (message.type === 'start') prepared.then(begin).catch(abandon);
    else finish(message.graceMs).catch(abandon);
  });
}

process.on('uncaughtException', abandon);
process.on('SIGTERM', () => void finish(0).catch(abandon));
// Ctrl-C in a terminal reaches the whole process group; the lab decides when the load stops.
process.on('SIGINT', () => {});
// The lab closed its end; the end of stdin says the rest.
process.stdout.on('error', () => {});
await main();
