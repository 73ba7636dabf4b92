import { Client } from 'pg';
import { real } from '../common/lab-speed.ts';
import type { Column, MetricColumns, SeriesName } from './metric-columns.ts';
import type { FigureSource } from './metric-probe.ts';
import type { RunClock } from './run-clock.ts';

/** Where the database's figures are. */
export interface DatabaseTarget {
  name: string;
  /** `postgres://user@host:port/database`, of somebody who may see everybody's statements. */
  url: string;
}

/** What the probe's own statements are called, which it does not count. */
const OWN = 'lab-probe';
/** The label that the application puts into each statement as a comment. */
const LABEL = /\/\* ([a-z0-9-]+) \*\//;
const UNLABELLED = 'unlabelled';
const WITHIN_MS = real(1000);

/** Without texts, which the server keeps in a file. */
const CALLS = `SELECT /* ${OWN} */ queryid::text AS id, calls::float8 AS calls FROM pg_stat_statements(false)
  WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`;
const TEXTS = `SELECT /* ${OWN} */ queryid::text AS id, query FROM pg_stat_statements WHERE queryid::text = ANY($1)`;
const LEVELS = `SELECT /* ${OWN} */
  (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid())::float8
    AS connections,
  (SELECT count(*) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle')::float8 AS active,
  (SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database())::float8
    AS transactions`;

/** The figures of one PostgreSQL server. Its connection is opened anew when it breaks. */
export function databaseFigures(
  target: DatabaseTarget,
  columns: MetricColumns,
  clock: RunClock,
): FigureSource {
  let client: Client | null = null;
  let isAfterGap = true;
  const labels = new Map<string, string>();
  const known = new Map<string, Column | null>();
  const tell = (at: number, name: Pick<SeriesName, 'name' | 'kind' | 'labels'>, value: number) => {
    const id = `${name.name} ${name.labels.statement ?? ''}`;
    if (!known.has(id)) known.set(id, columns.column({ source: target.name, ...name }));
    known.get(id)?.add(at, value, isAfterGap);
  };
  const askOnce = async (connection: Client) => {
    const { rows } = await connection.query<{ id: string; calls: number }>(CALLS);
    const at = clock.now();
    const strangers = rows.filter(({ id }) => !labels.has(id)).map(({ id }) => id);
    if (strangers.length > 0)
      for (const { id, query } of (await connection.query<{ id: string; query: string }>(TEXTS, [strangers]))
        .rows)
        labels.set(id, LABEL.exec(query)?.[1] ?? UNLABELLED);
    for (const [statement, calls] of summed(rows, labels))
      tell(at, { name: 'queries', kind: 'counter', labels: { statement } }, calls);
    const levels = (await connection.query<Record<'connections' | 'active' | 'transactions', number>>(LEVELS))
      .rows[0];
    if (levels === undefined) return;
    tell(at, { name: 'connections', kind: 'gauge', labels: {} }, levels.connections);
    tell(at, { name: 'active_connections', kind: 'gauge', labels: {} }, levels.active);
    tell(at, { name: 'transactions', kind: 'counter', labels: {} }, levels.transactions);
  };
  const drop = () => {
    void client?.end().catch(() => {});
    client = null;
  };
  return {
    async ask() {
      try {
        client ??= await connected(target.url, drop);
        await askOnce(client);
        isAfterGap = false;
      } catch {
        // It is down, or stands still: a gap says so.
        isAfterGap = true;
        drop();
      }
    },
    close: async () => drop(),
  };
}

/** Calls by label: two statements of one label are one. */
function summed(
  rows: readonly { id: string; calls: number }[],
  labels: ReadonlyMap<string, string>,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { id, calls } of rows) {
    const label = labels.get(id) ?? UNLABELLED;
    if (label !== OWN) sums.set(label, (sums.get(label) ?? 0) + calls);
  }
  return sums;
}

async function connected(connectionString: string, onEnd: () => void): Promise<Client> {
  const client = new Client({
    connectionString,
    application_name: OWN,
    connectionTimeoutMillis: WITHIN_MS,
    query_timeout: WITHIN_MS,
  });
  client.on('error', onEnd);
  try {
    await client.connect();
    return client;
  } catch (error) {
    void client.end().catch(() => {});
    throw error;
  }
}
