/**
 * The process in which one workload's clients run on one host; see protocol.ts for what it reads and writes.
 * It is started with plain `spawn`, and needs nothing but its standard streams.
 */
import { LabError } from '../common/errors.ts';
import { real } from '../common/lab-speed.ts';
import { prng } from '../common/prng.ts';
import { LogWriter } from '../history/log-writer.ts';
import { Client } from './client.ts';
import { connectorOf, requireReplicas } from './connect.ts';
import { ServerConnection } from './connection.ts';
import { guardedResource } from './guarded-resource.ts';
import { LockClient } from './lock-client.ts';
import { Operations } from './operations.ts';
import { startPacing } from './pacing.ts';
import { planOf } from './plan.ts';
import { abandon, end, say, serve } from './process-talk.ts';
import type { ClientProcessConfig } from './protocol.ts';
import type { Connection } from './sent.ts';

const STATS_EVERY_MS = 100;

/** What there is to be stopped and flushed, as soon as there is anything. */
let running: { operations: Operations; log: LogWriter; stop: () => void } | undefined;

async function prepare(config: ClientProcessConfig): Promise<() => void> {
  const { workload, connection: endpoint, nodes } = config;
  const random = prng(config.seed).fork(workload.name);
  const readsReplicas = workload.kind === 'registers' && workload.readFrom === 'replica';
  if (readsReplicas) requireReplicas(endpoint, workload.name);
  const log = new LogWriter(config.historyFile, { onError: abandon });
  const operations = new Operations(log, config.startOfRunMs);
  const resource = guardedResource(workload.kind === 'locks' && workload.fenced);
  const connections: Connection[] = [];
  const connect = await connectorOf(workload, endpoint, nodes);
  const open = (name: string, readsFrom?: 'replica') => {
    const connection = connect(random.fork(name), readsFrom);
    connections.push(connection);
    return connection;
  };
  const clients = config.clients.map(({ index, name }, position) => {
    const primary = open(name);
    const reads = readsReplicas ? open(`${name}/reads`, 'replica') : primary;
    if (workload.kind === 'locks') {
      if (!(primary instanceof ServerConnection))
        throw new LabError(
          `workload "${workload.name}": locks need a single server or Sentinels, and ioredis`,
        );
      const own = random.fork(`${name}/locks`);
      return new LockClient({ index, workload, random: own, connection: primary, resource, operations });
    }
    const plan = planOf(workload, position, index, random.fork(`${name}/plan`));
    return new Client({ index, plan, primary, reads, wait: workload.wait, operations });
  });
  running = { operations, log, stop: () => {} };
  await allReady(connections, real(config.connectWithinMs ?? 10_000));
  return () => {
    const pacing = startPacing(workload, clients, () => operations.now());
    const stats = setInterval(
      () => say({ type: 'stats', at: operations.now(), ...operations.tally }),
      STATS_EVERY_MS,
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
      const ready = connections.filter(({ isReady }) => isReady).length;
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

serve<ClientProcessConfig>({
  prepare,
  finish,
  fail: () => running?.stop(),
  orphaned: () => {
    running?.operations.giveUp();
    running?.log.flush();
  },
});
