import cookie from '@fastify/cookie';
import fastify, { type FastifyInstance } from 'fastify';
import { appMetrics } from './app-metrics.ts';
import type { AppConfig } from './config.ts';
import type { AppContext } from './context.ts';
import { connectDatabase } from './database/database.ts';
import { answerError } from './error-answer.ts';
import { fillLog } from './fill-log.ts';
import { parts } from './parts.ts';
import { readinessChecks } from './readiness.ts';
import { roleConnections } from './redis/role-connections.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once the sessions part has looked; null: nobody who is logged in. */
    user: number | null;
  }
}

/** A running instance. */
export interface App {
  /** `http://host:port` */
  readonly url: string;
  readonly server: FastifyInstance;
  readonly context: AppContext;
  /** Stops accepting, lets what is under way finish within `shutdownMs`, then closes the parts in reverse. Safe to call twice. */
  close(): Promise<void>;
}

/** Starts an instance; it listens when this resolves, and says at GET /ready when it is ready. */
export async function createApp(config: AppConfig): Promise<App> {
  const metrics = appMetrics(config.instance);
  const server = fastify({
    logger: { level: config.logLevel, base: { instance: config.instance } },
    disableRequestLogging: config.logLevel !== 'debug',
    bodyLimit: config.bodyLimitBytes,
    forceCloseConnections: false,
    routerOptions: { maxParamLength: 200 },
  });
  const redis = roleConnections(config, server.log, metrics.command);
  const database = connectDatabase(config, metrics.statement);
  const fills = fillLog();
  const checks = readinessChecks(1000);
  const closing: (() => Promise<void>)[] = [];
  const context: AppContext = {
    config,
    database,
    metrics: metrics.registry,
    log: server.log,
    fills,
    redis: redis.open,
    onClose: (close) => void closing.push(close),
    onReady: checks.add,
  };
  closing.push(async () => redis.close());
  closing.push(() => database.close());

  server.decorateRequest('user', null);
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('x-instance', config.instance);
  });
  server.setErrorHandler(answerError);
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'not-found', message: 'There is nothing here.' }),
  );
  await server.register(cookie, { secret: [...config.sessions.cookieSecrets] });
  server.get('/health', async () => ({ ok: true }));
  server.get('/ready', async (_request, reply) => {
    const readiness = await checks.ask();
    return reply.code(readiness.ready ? 200 : 503).send(readiness);
  });
  server.get<{ Querystring: { after?: string } }>('/internal/fills', async (request) =>
    fills.since(Number(request.query.after ?? 0) || 0),
  );
  for (const part of parts) await part(server, context);
  checks.add('database', async () => {
    await database.query('ready', 'SELECT 1');
    return null;
  });

  const close = once(async () => {
    await within(config.shutdownMs, server.close());
    server.server.closeAllConnections();
    for (const each of closing.reverse())
      await each().catch((error) => server.log.warn({ reason: String(error) }, 'closing failed'));
  });
  try {
    const url = await server.listen({ host: config.listen.host, port: config.listen.port });
    return { url, server, context, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}

async function within(ms: number, done: PromiseLike<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}
