import type { FastifyInstance } from 'fastify';
import { appMetrics } from './app-metrics.ts';
import { closings } from './closings.ts';
import type { AppConfig } from './config.ts';
import type { AppContext } from './context.ts';
import { connectDatabase } from './database/database.ts';
import { fillLog } from './fill-log.ts';
import { httpServer } from './http-server.ts';
import { health } from './operations/health.ts';
import { readinessChecks } from './operations/readiness.ts';
import { roleChecks } from './operations/role-checks.ts';
import { parts } from './parts.ts';
import { roleConnections } from './redis/role-connections.ts';
import { waitingCommands } from './redis/waiting-commands.ts';

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
  const server = await httpServer(config);
  server.addHook('onRequest', async (_request, reply) => {
    metrics.request(1);
    reply.raw.once('close', () => metrics.request(-1));
  });
  const redis = roleConnections(config, server.log, metrics.command);
  metrics.waiting((role) => redis.of(role).reduce((sum, client) => sum + waitingCommands(client), 0));
  const database = connectDatabase(config, metrics.statement);
  const fills = fillLog();
  const checks = readinessChecks(1000);
  const closing = closings(server, config.shutdownMs);
  closing.add(async () => redis.close());
  closing.add(() => database.close());
  const context: AppContext = {
    config,
    database,
    metrics: metrics.registry,
    log: server.log,
    fills,
    redis: redis.open,
    onClose: closing.add,
    onReady: (name, check) => checks.add(name, check),
  };
  try {
    health(server, checks, fills);
    for (const part of parts) await part(server, context);
    checks.add('database', async () => {
      await database.query('ready', 'SELECT 1');
      return null;
    });
    roleChecks(config, redis, checks);
    const url = await server.listen({ host: config.listen.host, port: config.listen.port });
    server.log.info({ url }, 'listening');
    return { url, server, context, close: closing.run };
  } catch (error) {
    await closing.run();
    throw error;
  }
}
