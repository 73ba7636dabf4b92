/** The sessions part on a real Redis, with users in memory instead of PostgreSQL. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import cookie from '@fastify/cookie';
import fastify, { type FastifyInstance } from 'fastify';
import { Cluster } from 'ioredis';
import { Registry } from 'prom-client';
import { until } from '../../common/until.ts';
import type { TestServer } from '../../workload/test-servers.ts';
import { type AppConfig, type AppSettings, validateConfig } from '../config.ts';
import type { AppContext, Database } from '../context.ts';
import { hashPassword } from '../database/passwords.ts';
import { answerError } from '../error-answer.ts';
import { fillLog } from '../fill-log.ts';
import { openConnection, planConnection } from '../redis/connections.ts';
import { sessions } from './sessions.ts';

/** A configuration whose roles all live on this server. */
export function configOn(
  server: Pick<TestServer, 'host' | 'port'>,
  settings: AppSettings['sessions'],
  rest: Partial<AppSettings> = {},
): AppConfig {
  const one = { kind: 'single' as const, host: server.host, port: server.port };
  return validateConfig({
    database: { url: 'postgres://nobody@127.0.0.1/none' },
    redis: { sessions: one, cache: one, limits: one, jobs: one },
    sessions: settings,
    logLevel: 'error',
    ...rest,
  });
}

export interface TestContext extends AppContext {
  /** A counter's value now: `local_hits`. */
  count(name: string): Promise<number>;
  ready(): Promise<void>;
  end(): Promise<void>;
}

/** What the part is given, with real connections; those named in `elsewhere` go to another server, by their purpose. */
export function testContext(
  config: AppConfig,
  elsewhere: Record<string, { host: string; port: number }> = {},
): TestContext {
  const metrics = new Registry();
  const closing: (() => Promise<void>)[] = [];
  const clients = new Map<string, ReturnType<typeof openConnection>>();
  const checks: (() => Promise<string | null>)[] = [];
  const hash = hashPassword('password-17', 2);
  const database: Database = {
    query: async <Row extends object>(_name: string, _sql: string, values?: readonly unknown[]) =>
      (Number(values?.[0]) <= 1000 ? [{ password_hash: await hash }] : []) as Row[],
  };
  return {
    config,
    database,
    metrics,
    log: fastify().log,
    fills: fillLog(),
    redis(role, wish = { purpose: 'requests' }) {
      const key = `${role}/${wish.purpose}/${wish.readFrom ?? 'primary'}`;
      let client = clients.get(key);
      if (client === undefined) {
        const plan = planConnection(config, role, wish);
        const other = elsewhere[wish.readFrom ?? wish.purpose];
        const server = other === undefined ? plan.server : { kind: 'single' as const, ...other };
        client = openConnection({ ...plan, server });
        clients.set(key, client);
      }
      return client;
    },
    onClose: (close) => void closing.push(close),
    onReady: (_, check) => void checks.push(check),
    async count(name) {
      const metric = await metrics.getSingleMetric(`app_sessions_${name}_total`)?.get();
      return metric?.values[0]?.value ?? 0;
    },
    ready: async () => {
      // Each of them: without an offline queue one that connects still refuses what it is given.
      const all = () =>
        [...clients.values()].flatMap((client) =>
          client instanceof Cluster ? [client, ...client.nodes('master')] : [client],
        );
      const connected = () => all().every(({ status }) => status === 'ready');
      const allWell = async () =>
        connected() && (await Promise.all(checks.map((check) => check()))).every((one) => one === null);
      await until(allWell, { what: 'the sessions part', withinMs: 30_000 });
    },
    async end() {
      for (const close of closing.reverse()) await close().catch(() => {});
      for (const client of clients.values()) client.disconnect();
    },
  };
}

/** A server with the sessions part alone; `inject` sends it requests. */
export async function testApp(context: AppContext): Promise<FastifyInstance> {
  const app = fastify();
  app.decorateRequest('user', null);
  app.setErrorHandler(answerError);
  await app.register(cookie, { secret: [...context.config.sessions.cookieSecrets] });
  await sessions(app, context);
  await app.ready();
  return app;
}

/** A way to a server on which answers can be held up. */
export async function heldUp({ host, port }: { host: string; port: number }) {
  const sockets = new Set<Socket>();
  const answers: (() => void)[] = [];
  let held = false;
  const proxy = createServer((client) => {
    const server = connect(port, host);
    for (const socket of [client, server]) sockets.add(socket.on('error', () => {}));
    client.pipe(server);
    server.on('data', (data) => {
      if (held) answers.push(() => client.write(data));
      else client.write(data);
    });
    server.on('close', () => client.destroy());
    client.on('close', () => server.destroy());
  }).listen(0, host);
  await once(proxy, 'listening');
  return {
    host,
    port: (proxy.address() as AddressInfo).port,
    hold() {
      held = true;
    },
    /** Until an answer is being held up. */
    holding: () => until(() => answers.length > 0, { what: 'an answer that is held up', withinMs: 20_000 }),
    release() {
      held = false;
      for (const answer of answers.splice(0)) answer();
    },
    end() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
