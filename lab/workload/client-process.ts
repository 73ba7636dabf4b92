/**
 * The process in which one workload's clients run on one host; see protocol.ts for what it reads and writes.
 * It is started with plain `spawn`, and needs nothing but its standard streams.
 */
import { createInterface } from 'node:readline';
import { LabError, messageOf } from '../common/errors.ts';
import { prng } from '../common/prng.ts';
import { LogWriter } from '../history/log-writer.ts';
import { Client } from './client.ts';
import { connect, requireSentinelForReplicas } from './connect.ts';
import type { Connection } from './connection.ts';
import { Operations } from './operations.ts';
import { startPacing } from './pacing.ts';
import { planOf } from './plan.ts';
import type { ClientProcessConfig, FromClients, ToClients } from './protocol.ts';

const statsEveryMs = 100;
/** When so much of our output is waiting for the lab to read it, another figure would only be late. */
const unreadBytes = 16_384;
/** How long the last line may wait for its reader. */
const lastLineMs = 500;

/** What there is to be stopped and flushed, as soon as there is anything. */
let running: { operations: Operations; log: LogWriter; stop: () => void } | undefined;

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
  running?.stop();
  end({ type: 'error', message: messageOf(error) }, 3);
}

async function prepare(config: ClientProcessConfig): Promise<() => void> {
  const { workload, connection: endpoint, nodes } = config;
  const random = prng(config.seed).fork(workload.name);
  const readsReplicas = workload.kind === 'registers' && workload.readFrom === 'replica';
  if (readsReplicas) requireSentinelForReplicas(endpoint, workload.name);
  const log = new LogWriter(config.historyFile, { onError: abandon });
  const operations = new Operations(log, config.startOfRunMs);
  const connections: Connection[] = [];
  const open = (name: string, role?: 'slave') => {
    const connection = connect(endpoint, workload.redis, nodes, random.fork(name), role);
    connections.push(connection);
    return connection;
  };
  const clients = config.clients.map(({ index, name }, position) => {
    const primary = open(name);
    const reads = readsReplicas ? open(`${name}/reads`, 'slave') : primary;
    const plan = planOf(workload, position, index, random.fork(`${name}/plan`));
    return new Client({ index, plan, primary, reads, wait: workload.wait, operations });
  });
  running = { operations, log, stop: () => {} };
  await allReady(connections, config.connectWithinMs ?? 10_000);
  return () => {
    const pacing = startPacing(workload, clients, () => operations.now());
    const stats = setInterval(
      () => say({ type: 'stats', at: operations.now(), ...operations.tally }),
      statsEveryMs,
    );
    const stop = () => {
      pacing.stop();
      clearInterval(stats);
    };
    running = { operations, log, stop };
  };
}

async function allReady(connections: readonly Connection[], withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const ready = connections.filter(({ redis }) => redis.status === 'ready').length;
      reject(
        new LabError(`only ${ready} of ${connections.length} connections were ready after ${withinMs} ms`),
      );
    }, withinMs);
  });
  await Promise.race([Promise.all(connections.map((connection) => connection.whenReady())), late]);
  clearTimeout(timer);
}

async function finish(graceMs: number): Promise<void> {
  if (running === undefined) return process.exit(0);
  const { operations, log, stop } = running;
  stop();
  await operations.settle(graceMs);
  operations.giveUp();
  log.close();
  end({ type: 'done', at: operations.now(), ...operations.tally }, 0);
}

/** Nobody is left to tell anything: keep what is known, and go. */
function orphaned(): void {
  running?.operations.giveUp();
  running?.log.flush();
  process.exit(1);
}

async function main(): Promise<void> {
  let start: Promise<() => void> | undefined;
  const lines = createInterface({ input: process.stdin });
  lines.on('close', orphaned);
  lines.on('line', (line) => {
    if (start === undefined) {
      start = prepare(JSON.parse(line));
      start.then(() => say({ type: 'ready' }), abandon);
      return;
    }
    const message: ToClients = JSON.parse(line);
    if (message.type === 'start') start.then((begin) => begin(), abandon);
    else finish(message.graceMs).catch(abandon);
  });
}

process.on('uncaughtException', abandon);
process.on('SIGTERM', () => void finish(0).catch(abandon));
// Ctrl-C in a terminal reaches the whole process group; the lab decides when the clients stop.
process.on('SIGINT', () => {});
// The lab closed its end; the end of stdin says the rest.
process.stdout.on('error', () => {});
await main();
