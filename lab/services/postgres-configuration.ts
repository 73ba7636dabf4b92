import type { NodeAddress } from '../mesh/address-book.ts';

/** Settings of postgresql.conf by their names, over the lab's own. */
export type PostgresSettings = Readonly<Record<string, string | number | boolean>>;

/** Database and superuser of every cluster of the lab; its networks are its own, so nobody needs a password. */
export const SUPERUSER = 'lab';
export const DATABASE_NAME = 'shop';

/** Everybody who can reach it may come in: only a run's own hosts can. */
export const HOST_BASED_AUTHENTICATION = 'host all all all trust\n';

/**
 * The text of postgresql.conf. It listens on its own addresses, never on all: on the same port the host's Toxiproxy
 * listens for the links to others.
 */
export function postgresConfiguration(address: NodeAddress, settings: PostgresSettings = {}): string {
  const all: PostgresSettings = {
    listen_addresses: ['127.0.0.1', address.announced, address.direct].join(','),
    port: address.ports.client ?? 5432,
    ...OWN,
    ...settings,
  };
  return `${Object.entries(all)
    .map(([name, value]) => `${name} = ${quoted(value)}`)
    .join('\n')}\n`;
}

const OWN: PostgresSettings = {
  // A socket's path may be too long for one, and nobody would use it.
  unix_socket_directories: '',
  max_connections: 100,
  shared_buffers: '32MB',
  // No files in the machine's /dev/shm that a killed run would leave behind.
  dynamic_shared_memory_type: 'mmap',
  // What survives a power failure is not the lab's question: the cluster lives in memory, and for as long as a run.
  fsync: false,
  full_page_writes: false,
  // But what was acknowledged survives the server's own end by SIGKILL: it has left the server's memory.
  synchronous_commit: true,
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_wal_size: '64MB',
  min_wal_size: '8MB',
  checkpoint_timeout: '1h',
  // Nobody's work but the users': the figures would show it.
  autovacuum: false,
  max_logical_replication_workers: 0,
  io_method: 'sync',
  jit: false,
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.max': 1000,
  'pg_stat_statements.track_utility': false,
  'pg_stat_statements.save': false,
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: false,
  lc_messages: 'C',
};

function quoted(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}
