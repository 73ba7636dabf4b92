import type { AppSettings } from '../app/config.ts';
import type { NodeAddress } from '../mesh/address-book.ts';
import { INITDB } from '../services/postgres-cluster.ts';
import {
  DATABASE_NAME,
  HOST_BASED_AUTHENTICATION,
  postgresConfiguration,
  SUPERUSER,
} from '../services/postgres-configuration.ts';
import { REDIS_PORT, SENTINEL_GROUP, SENTINEL_PORT } from '../topology/sentinel-options.ts';
import { healthcheck, type Service, type ServiceWithFiles } from './compose-file.ts';
import { networksOf } from './host-service.ts';
import { imageOf } from './image-of.ts';
import { CLUSTER, GROUP, type PlaygroundPlan } from './playground-plan.ts';

const REPOSITORY = '/lab';
const SETTINGS = '/app.json';

/** Switches of the application that the exercises turn, read from the environment of `docker compose up`. */
const switches = ['APP_SESSIONS__ACKNOWLEDGED_BY', 'APP_CACHE__COALESCE', 'APP_CACHE__LEASE_MS'];

/** The application's instances, what fills their database once, and the database. */
export function appServices(plan: PlaygroundPlan): ServiceWithFiles[] {
  const apps = plan.book.nodes.filter(({ kind }) => kind === 'app');
  const [first] = apps;
  if (first === undefined) return [];
  return [databaseService(plan), seedService(first, plan), ...apps.map((app) => appService(app, plan))];
}

/** What runs the repository as it is, so that a change is tried by a restart. */
export function fromRepository(host: string): Pick<Service, 'network_mode' | 'working_dir' | 'volumes'> {
  return { network_mode: `service:${host}`, working_dir: REPOSITORY, volumes: [`.:${REPOSITORY}:ro`] };
}

function node(...args: readonly string[]): readonly string[] {
  return ['node', '--disable-warning=ExperimentalWarning', ...args];
}

function appService(app: NodeAddress, plan: PlaygroundPlan): ServiceWithFiles {
  const { client } = app.ports;
  return {
    name: app.name,
    service: {
      image: imageOf('node'),
      command: node('lab/app/main.ts', SETTINGS),
      ...fromRepository(app.host),
      environment: { ...Object.fromEntries(switches.map((name) => [name, null])), SHOP: shopOf(plan) },
      depends_on: { seed: { condition: 'service_completed_successfully' } },
      healthcheck: healthcheck(
        3,
        'node',
        '-e',
        `fetch('http://127.0.0.1:${client}/ready').then(({ ok }) => process.exit(ok ? 0 : 1))`,
      ),
      stop_grace_period: '7s',
    },
    files: { [SETTINGS]: `${JSON.stringify(settingsOf(app, plan), null, 2)}\n` },
  };
}

/** Where each instance is, for scripts/shop.ts. */
function shopOf({ book }: PlaygroundPlan): string {
  const apps = book.nodes.filter(({ kind }) => kind === 'app');
  return JSON.stringify(
    Object.fromEntries(
      apps.map(({ name, announced, ports }) => [name, `http://${announced}:${ports.client}`]),
    ),
  );
}

/** Who is logged in, and who waits for an order, the group knows; what can be had again is in the cluster. */
function settingsOf(app: NodeAddress, { book }: PlaygroundPlan): AppSettings {
  const of = (system: string, kind: string, port: number) =>
    book.nodes
      .filter((each) => each.kind === kind && each.name.startsWith(`${system}-`))
      .map(({ announced }) => ({ host: announced, port }));
  const group = {
    kind: 'sentinel' as const,
    group: SENTINEL_GROUP,
    sentinels: of(GROUP, 'sentinel', SENTINEL_PORT),
  };
  const cluster = { kind: 'cluster' as const, nodes: of(CLUSTER, 'redis', REDIS_PORT) };
  return {
    instance: app.name,
    listen: { host: '0.0.0.0', port: app.ports.client ?? 0 },
    database: { url: databaseUrl(book.node('db-1')) },
    redis: { sessions: group, jobs: group, cache: cluster, limits: cluster },
    // A fill that has to open a connection first takes the way to the database twice: with the 300 ms of the exercise 0.6 s,
    // on a busy machine more than the default lease of a second, and once that is over another instance asks, too.
    cache: { ttlMs: 3_600_000, leaseMs: 5000 },
    limits: { policies: { demo: { algorithm: 'token-bucket', capacity: 5, perSecond: 1 } } },
    logLevel: 'warn',
  };
}

function databaseUrl({ announced, ports }: NodeAddress): string {
  return `postgres://${SUPERUSER}@${announced}:${ports.client}/${DATABASE_NAME}`;
}

/** Makes the tables and fills them, where that has not been done, and ends. */
function seedService(app: NodeAddress, { book }: PlaygroundPlan): ServiceWithFiles {
  const url = databaseUrl(book.node('db-1'));
  return {
    name: 'seed',
    service: {
      image: imageOf('node'),
      command: node('scripts/seed-shop.ts', url),
      ...fromRepository(app.host),
      // It loads while the database is still being made, and waits for it.
      depends_on: { 'db-1': { condition: 'service_started' } },
    },
  };
}

const CONFIGURATION = '/etc/postgresql/postgresql.conf';
const ACCESS = '/etc/postgresql/pg_hba.conf';
/** In the container itself, so that it goes with it. */
const DATA = '/tmp/shop';
const START = `set -e
if [ ! -e ${DATA}/PG_VERSION ]; then
  initdb -D ${DATA} -U ${SUPERUSER} ${INITDB.join(' ')}
  echo 'CREATE DATABASE ${DATABASE_NAME}' | postgres --single -F -D ${DATA} postgres
fi
exec postgres -D ${DATA} -c config_file=${CONFIGURATION} -c hba_file=${ACCESS}
`;

/** It asks nobody anything, so it has no Toxiproxy; started by a shell, since PostgreSQL's own images are not alone in having one. */
function databaseService({ book, hosts }: PlaygroundPlan): ServiceWithFiles {
  const database = book.node('db-1');
  const host = hosts.find(({ name }) => name === database.host);
  if (host === undefined) throw new RangeError(`no host is called ${database.host}`);
  return {
    name: database.name,
    service: {
      image: imageOf('postgres'),
      user: 'postgres',
      entrypoint: ['sh', '-c'],
      command: [START],
      networks: networksOf(host),
      // What the official image declares a volume for.
      tmpfs: ['/var/lib/postgresql'],
      healthcheck: healthcheck(2, 'grep', '-q', '^ready', `${DATA}/postmaster.pid`),
      stop_signal: 'SIGINT',
      stop_grace_period: '5s',
    },
    files: { [CONFIGURATION]: postgresConfiguration(database), [ACCESS]: HOST_BASED_AUTHENTICATION },
  };
}
