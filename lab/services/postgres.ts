import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { LabError, messageOf } from '../common/errors.ts';
import { real } from '../common/lab-speed.ts';
import { until } from '../common/until.ts';
import type { Host, RunningProcess } from '../hosts/host.ts';
import { tailOf } from '../hosts/log-tail.ts';
import type { NodeAddress } from '../mesh/address-book.ts';
import { NodeProcess } from '../topology/node-process.ts';
import type { LabNode, NodeChange } from '../topology/topology.ts';
import { type Preparation, placeCluster } from './postgres-cluster.ts';
import {
  DATABASE_NAME,
  HOST_BASED_AUTHENTICATION,
  type PostgresSettings,
  postgresConfiguration,
  SUPERUSER,
} from './postgres-configuration.ts';
import { endingFast, processesIn } from './postgres-process.ts';

export interface PostgresNodeOptions {
  address: NodeAddress;
  host: Host;
  /** Path of the program `postgres`, version 18, with `initdb` beside it and its contributed modules. */
  postgres: string;
  /** The lab's cache, where clusters are kept ready to be copied. */
  cache: string;
  /** Schema and seed of the database. */
  prepare: Preparation;
  /** Further settings of postgresql.conf: `{ max_connections: 20 }`. */
  settings?: PostgresSettings;
}

const START_MS = real(15_000);
const CONNECT_MS = real(1000);

/** A PostgreSQL server: the database `shop`, as prepared, of the superuser `lab`, who needs no password. */
export class PostgresNode implements LabNode {
  readonly name: string;
  readonly kind = 'postgres';
  readonly host: Host;
  readonly configuration: string;
  readonly announced: string;
  /** Through the mesh: `postgres://lab@127.L.0.N:5432/shop`. */
  readonly url: string;
  /** Past the mesh, for probes. */
  readonly directUrl: string;
  readonly #options: PostgresNodeOptions;
  readonly #dir: string;
  readonly #process: NodeProcess;

  constructor(options: PostgresNodeOptions) {
    const { address, host, settings } = options;
    const port = address.ports.client ?? 5432;
    this.name = address.name;
    this.#process = new NodeProcess(address.name);
    this.host = host;
    this.announced = `${address.announced}:${port}`;
    this.configuration = postgresConfiguration(address, settings);
    this.url = `postgres://${SUPERUSER}@${this.announced}/${DATABASE_NAME}`;
    this.directUrl = `postgres://${SUPERUSER}@${address.direct}:${port}/${DATABASE_NAME}`;
    this.#options = options;
    this.#dir = path.join(host.dir, address.name);
  }

  get process(): RunningProcess | null {
    return this.#process.current;
  }

  onChange(listener: (change: NodeChange) => void): void {
    this.#process.onChange(listener);
  }

  /** `lost` is a database as it was at the run's start. */
  async start(data: 'kept' | 'lost'): Promise<void> {
    if (this.#process.isRunning) return;
    const first = this.#process.begin();
    await this.#nobodyIn(this.#dir);
    if (first || data === 'lost') await this.#place();
    this.#process.started(await this.#launch(this.#dir, this.name), first ? 'lost' : data, first);
  }

  /** Waits until it answers a query (a server that recovers does not yet). */
  async accepting(withinMs: number): Promise<void> {
    await this.#answering(this.directUrl, withinMs, () => this.process);
  }

  async #place(): Promise<void> {
    rmSync(this.#dir, { recursive: true, force: true });
    mkdirSync(path.dirname(this.#dir), { recursive: true });
    await placeCluster(this.#dir, { ...this.#options, fill: (directory) => this.#fill(directory) });
  }

  /** Runs the preparation on a cluster that nobody knows of yet, and stops it again. */
  async #fill(directory: string): Promise<void> {
    const { prepare } = this.#options;
    const server = await this.#launch(directory, this.name);
    try {
      const administration = this.directUrl.replace(/[^/]*$/, 'postgres');
      await this.#answering(administration, START_MS, () => server);
      await asked(administration, [`CREATE DATABASE ${DATABASE_NAME}`]);
      // Hint bits and statistics are written once here, not by the first queries of every run.
      await connected(this.directUrl, async (client) => {
        await client.query('CREATE EXTENSION pg_stat_statements');
        await client.query(prepare.sql);
        const query = async (_name: string, sql: string, values?: readonly unknown[]) =>
          (await client.query(sql, values === undefined ? undefined : [...values])).rows;
        await prepare.seed?.({ query });
        await client.query('VACUUM ANALYZE');
      });
    } catch (cause) {
      if (cause instanceof LabError) throw cause;
      throw new LabError(
        `${this.name}: the database's preparation "${prepare.key}" failed: ${messageOf(cause)}`,
        {
          cause,
          details: tailOf(server.log),
        },
      );
    } finally {
      server.signal('SIGTERM');
      await server.exited;
    }
  }

  async #launch(directory: string, name: string): Promise<RunningProcess> {
    writeFileSync(path.join(directory, 'postgresql.conf'), this.configuration);
    writeFileSync(path.join(directory, 'pg_hba.conf'), HOST_BASED_AUTHENTICATION);
    // It holds the process number of a killed server, which somebody else may have by now.
    rmSync(path.join(directory, 'postmaster.pid'), { force: true });
    const [command, args] = this.host.asOrdinaryUser(this.#options.postgres, ['-D', directory]);
    return endingFast(await this.host.start({ name, command, args, env: { LC_ALL: 'C' } }));
  }

  /** Children of a killed server see its end at once, but may still be on their way out. */
  async #nobodyIn(directory: string): Promise<void> {
    await until(() => processesIn(directory).length === 0, {
      what: `the processes of the ended ${this.name} to be gone`,
      withinMs: START_MS,
    });
  }

  async #answering(url: string, withinMs: number, current: () => RunningProcess | null): Promise<void> {
    await until(
      async () => {
        this.#process.mustRun('accepted queries', current());
        // Labelled as the lab's own, which nobody counts.
        await asked(url, ['SELECT /* lab-probe */ 1']);
        return true;
      },
      { what: `${this.name} to accept queries`, withinMs, everyMs: 10, fatal: LabError },
    );
  }
}

async function asked(url: string, statements: readonly string[]): Promise<void> {
  await connected(url, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}

async function connected(connectionString: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: CONNECT_MS });
  // A server that ends meanwhile: the query's own promise tells.
  client.on('error', () => {});
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
