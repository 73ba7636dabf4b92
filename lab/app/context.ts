import type { FastifyBaseLogger } from 'fastify';
import type { Cluster, Redis } from 'ioredis';
import type { Registry } from 'prom-client';
import type { AppConfig, Role } from './config.ts';

/** A connection to one role's Redis: a server, a Sentinel group's primary, or a cluster. */
export type RedisClient = Redis | Cluster;

/** How a part asks for a connection: its purpose (`requests`, `subscriber`, `worker`) and what differs from the role's settings. */
export interface ConnectionWish {
  purpose: string;
  /** Sentinel and cluster: read from replicas. Default: the primary. */
  readFrom?: 'primary' | 'replica';
  /** Overrides of the role's client settings. */
  client?: Partial<AppConfig['clients'][Role]>;
}

/** Access to PostgreSQL. */
export interface Database {
  /**
   * Runs one statement. `name` labels it in metrics (`app_database_queries_total{statement="…"}`) and stands as a
   * comment behind the SQL's first word, so that the server's own statistics (pg_stat_statements) can be compared by name.
   */
  query<Row extends object>(name: string, sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** Which values were read from the database into the cache: kept in memory, the last 100,000, for whoever measures. */
export interface FillLog {
  add(key: string, version: number, at: number): void;
}

/** What every part of the application is given. Parts know each other only through it. */
export interface AppContext {
  readonly config: AppConfig;
  readonly database: Database;
  readonly metrics: Registry;
  readonly log: FastifyBaseLogger;
  readonly fills: FillLog;
  /** Opens a connection that is closed with the application. The same purpose for a role gives the same connection. */
  redis(role: Role, wish?: ConnectionWish): RedisClient;
  /** Registers what a graceful shutdown does, after the server has stopped accepting; in reverse order of registration. */
  onClose(close: () => Promise<void>): void;
  /** Registers a reason to be unready: a text, or null when all is well. Shown by GET /ready. */
  onReady(name: string, check: () => Promise<string | null>): void;
}
