import pg from 'pg';
import { sleep } from '../common/clock.ts';
import { messageOf } from '../common/errors.ts';
import { appendFinalRead } from '../history/create-log.ts';
import { LogWriter } from '../history/log-writer.ts';
import type { ClientInfo } from '../history/operation.ts';
import { readHistory } from '../history/read-history.ts';
import type { AppNode } from '../services/app-node.ts';
import { DATABASE, instancesOf } from '../services/app-spec.ts';
import { resolvedSettings } from '../services/validate-app-spec.ts';
import type { Workload } from '../workload/workload.ts';
import type { Provisioned } from './01-provision.ts';
import type { RunContext } from './context.ts';
import { queueDrained } from './queue-drained.ts';

/** The name of the group of those who report what the application itself wrote down. */
export const APPLICATION_GROUP = 'application';

const LEDGER = 'ledger';
const fillsOf = (instance: string) => `${instance}/fills`;

/** The clients as whom the application's own records stand in the history: its ledger, and each instance's fills. */
export function applicationClients({ experiment: { app } }: RunContext): ClientInfo[] {
  if (app === undefined) return [];
  const client = (name: string, host: string) => ({ name, group: APPLICATION_GROUP, host });
  return [
    client(LEDGER, DATABASE),
    ...instancesOf(app).map((instance) => client(fillsOf(instance), instance)),
  ];
}

/**
 * Adds to the history what the application wrote down: the ledger's entries, the fills of its cache, and as final
 * reads what its database holds. What cannot be read is noted, and the checks that need it say `unknown`.
 */
export async function collectApplication(
  run: RunContext,
  { services, application }: Provisioned,
  table: readonly ClientInfo[],
): Promise<void> {
  await application?.fills.stop();
  if (services.database === null) return;
  const client = new pg.Client({
    connectionString: services.database.directUrl,
    connectionTimeoutMillis: 2000,
    query_timeout: 5000,
  });
  const log = new LogWriter(run.historyFile);
  const index = (name: string) => table.findIndex((each) => each.name === name);
  try {
    for (const { instance, key, version, at } of application?.fills.fills ?? [])
      log.add(index(fillsOf(instance)), 'fill', key, version, at, at, 'ok', instance, null);
    await client.connect();
    if (run.experiment.workloads.some(hasOrders)) await queueDrained(services.apps, run.signal);
    await readLedger(run, client, log, index(LEDGER));
    await sleep(mayWaitMs(run), run.signal);
    await readVersions(run, client);
    await readConversations(run, services.apps);
  } catch (error) {
    run.signal.throwIfAborted();
    const text = `the application's database could not be read at the end: ${messageOf(error)}`;
    run.events.record({ at: run.clock.now(), source: 'lab', kind: 'note', text });
  } finally {
    log.close();
    await client.end().catch(() => {});
  }
}

async function readLedger(run: RunContext, client: pg.Client, log: LogWriter, index: number): Promise<void> {
  const { rows } = await client.query<{ id: string; instance: string; at: number }>(
    `SELECT order_id AS id, instance, (extract(epoch FROM processed_at) * 1000)::float8 AS at
     FROM ledger ORDER BY processed_at, entry`,
  );
  for (const { id, instance, at } of rows) {
    const ms = run.clock.ofWall(at);
    log.add(index, 'process', 'orders', Number(id), ms, ms, 'ok', instance, null);
  }
  appendFinalRead(run.historyFile, {
    subject: 'orders',
    key: 'orders',
    node: DATABASE,
    at: run.clock.now(),
    values: rows.map(({ id }) => Number(id)),
  });
}

/** What a write takes when its turn has come. */
const WRITE_MS = 500;

/** How long after its acknowledgement an update of a product may come to the database, while some instance lives. */
function mayWaitMs({ experiment: { app } }: RunContext): number {
  if (app === undefined) return 0;
  return Math.max(
    ...instancesOf(app).map((name) => {
      const { strategy, writeBehind } = resolvedSettings(app, name).cache;
      if (strategy !== 'write-behind') return 0;
      const { buffer, flushEveryMs, claimAfterMs } = writeBehind;
      // A dead instance's are looked for twice within the time after which they are taken over.
      return flushEveryMs + (buffer === 'stream' ? 1.5 * claimAfterMs : 0) + WRITE_MS;
    }),
  );
}

/** Versions of the products that anybody has changed, or was told that they were. */
async function readVersions(run: RunContext, client: pg.Client): Promise<void> {
  const told = [...(await keysOf(run, 'update', hasUpdates))].map((key) => Number(key.split(':')[1]));
  const { rows } = await client.query<{ id: number; version: number }>(
    'SELECT id, version FROM products WHERE version > 1 OR id = ANY($1::int[]) ORDER BY id',
    [told],
  );
  const at = run.clock.now();
  for (const { id, version } of rows) {
    const key = `product:${id}`;
    appendFinalRead(run.historyFile, { subject: 'register', key, node: DATABASE, at, values: [version] });
  }
}

/** Each conversation that anybody had, as a user would read it now from any instance that answers. */
async function readConversations(run: RunContext, apps: readonly AppNode[]): Promise<void> {
  const app = apps.find(({ process }) => process?.exit === null);
  if (app === undefined) return;
  for (const key of await keysOf(run, 'say', hasConversations)) {
    const { turns } = await app.get<{ turns: { turn: number }[] }>(`/conversations/${key.split(':')[1]}`);
    const values = turns.map(({ turn }) => turn);
    appendFinalRead(run.historyFile, {
      subject: 'conversation',
      key,
      node: app.name,
      at: run.clock.now(),
      values,
    });
  }
}

function hasOrders(workload: Workload): boolean {
  if (workload.kind !== 'load') return false;
  return workload.journeys.some(
    (one) => one.kind === 'orders' || (one.kind === 'session' && one.orderShare > 0),
  );
}

/** Keys on which clients did this, if a workload does it at all: a history may be large. */
async function keysOf(
  run: RunContext,
  wanted: string,
  isDoneBy: (workload: Workload) => boolean,
): Promise<Set<string>> {
  const keys = new Set<string>();
  if (!run.experiment.workloads.some(isDoneBy)) return keys;
  const { history } = await readHistory(run.historyFile);
  for (const { f, key } of history.operations) if (f === wanted) keys.add(key);
  return keys;
}

function hasUpdates(workload: Workload): boolean {
  return (
    workload.kind === 'load' &&
    workload.journeys.some((journey) => journey.kind === 'catalogue' && journey.updateShare > 0)
  );
}

function hasConversations(workload: Workload): boolean {
  return workload.kind === 'load' && workload.journeys.some(({ kind }) => kind === 'conversations');
}
