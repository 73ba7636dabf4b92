import pg from 'pg';
import type { AppConfig } from '../config.ts';
import type { Database } from '../context.ts';

/** Hears of each statement that ended: its label, its seconds, whether it went well. */
export type StatementObserver = (statement: string, seconds: number, isOk: boolean) => void;

/** PostgreSQL behind a pool of connections, opened when they are first needed. */
export interface PooledDatabase extends Database {
  close(): Promise<void>;
}

/** A pool for the configured database. A connection that breaks is dropped, and the next statement opens another. */
export function connectDatabase(
  { instance, database }: Pick<AppConfig, 'instance' | 'database'>,
  observe: StatementObserver = () => {},
): PooledDatabase {
  const pool = new pg.Pool({
    connectionString: database.url,
    application_name: instance,
    max: database.connections,
    connectionTimeoutMillis: database.connectTimeoutMs,
    statement_timeout: database.statementTimeoutMs,
    // The server may be unreachable, and then its own timeout does not help.
    query_timeout: database.statementTimeoutMs + 500,
  });
  // An idle connection's end; without a listener it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return {
    async query<Row extends object>(name: string, sql: string, values?: readonly unknown[]): Promise<Row[]> {
      const start = performance.now();
      let isOk = false;
      try {
        const text = labelled(name, sql);
        const result = await (values === undefined
          ? pool.query<Row>(text)
          : pool.query<Row>(text, [...values]));
        isOk = true;
        return result.rows;
      } finally {
        observe(name, (performance.now() - start) / 1000, isOk);
      }
    },
    close: () => pool.end(),
  };
}

/** Behind the first word: a comment in front of it is no part of the statement for pg_stat_statements. */
function labelled(name: string, sql: string): string {
  // A label cannot end its comment.
  if (!/^[a-z0-9-]+$/.test(name)) throw new TypeError(`statement name: expected kebab-case, got ${name}`);
  return sql.trimStart().replace(/^\w+/, (word) => `${word} /* ${name} */`);
}
