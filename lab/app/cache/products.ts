import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AppContext } from '../context.ts';
import { HttpError } from '../http-error.ts';
import { broadcast } from '../redis/broadcast.ts';
import { breaker as circuit } from './breaker.ts';
import { cacheMetrics } from './cache-metrics.ts';
import { fillGate, GateFull } from './fill-gate.ts';
import { localTier } from './local-tier.ts';
import { memoryBuffer } from './memory-buffer.ts';
import { missedInvalidations } from './missed-invalidations.ts';
import { keyOf } from './product.ts';
import { productCache } from './product-cache.ts';
import { productTable, type VersionedPrice } from './product-table.ts';
import { productWriter } from './product-writer.ts';
import { sharedTier } from './shared-tier.ts';
import { streamBuffer } from './stream-buffer.ts';
import { flushRegularly } from './write-behind.ts';

/** The catalogue: GET and PUT /products/:id, through the cache. */
export async function products(app: FastifyInstance, context: AppContext): Promise<void> {
  const { read, write } = catalogue(context);
  app.get<{ Params: { id: string } }>('/products/:id', async (request, reply) => {
    const id = productId(request.params.id);
    try {
      const { found, source } = await read(id);
      reply.header('x-cache', source);
      return found ?? notFound();
    } catch (error) {
      if (!(error instanceof GateFull)) throw error;
      return busy(reply);
    }
  });
  app.put<{ Params: { id: string }; Body: unknown }>('/products/:id', async (request, reply) => {
    const id = productId(request.params.id);
    try {
      const written = await write(id, priceOf(request.body));
      return written === null ? notFound() : { id, version: written.version };
    } catch (error) {
      if (!(error instanceof GateFull)) throw error;
      return busy(reply);
    }
  });
}

function catalogue(context: AppContext) {
  const { config, database, fills } = context;
  const { cache: settings } = config;
  if (settings.strategy === 'write-behind' && settings.writeBehind.buffer === 'stream') {
    // The value and the stream are written in one step, so they have to live on one server.
    if (config.redis.cache.kind === 'cluster')
      throw new Error(
        'cache.writeBehind.buffer: expected "memory" where redis.cache is a cluster, got "stream"',
      );
  }
  // A fill waits for its place, for a connection, and for the statement.
  const longestFillMs =
    settings.fillWaitMs + config.database.connectTimeoutMs + config.database.statementTimeoutMs + 1000;
  const client = {
    connectTimeoutMs: settings.connectTimeoutMs,
    commandTimeoutMs: settings.readTimeoutMs,
  };
  const redis = context.redis('cache', { purpose: 'cache-requests', client });
  // The cache may be away; but nobody is sent here before it has had the time to connect.
  const startedAt = performance.now();
  context.onReady('cache', async () => {
    const isLate = performance.now() - startedAt > settings.connectTimeoutMs;
    return redis.status === 'ready' || isLate ? null : 'connecting';
  });
  const breaker = circuit(settings.breaker, () => metrics.failures.inc());
  const table = productTable(database);
  const news = settings.invalidationEvents
    ? broadcast(context, {
        role: 'cache',
        purpose: 'cache-subscriber',
        channel: 'cache:invalidate',
        commands: redis,
      })
    : null;
  const shared = sharedTier(redis, breaker, news, settings, 2 * longestFillMs);
  const local = localTier(settings.local, settings.guardFills, settings.breaker?.serveStale ?? false);
  const persist = async (prices: readonly VersionedPrice[]) => {
    await table.persist(prices);
    await Promise.allSettled(prices.map(({ id, version }) => shared.settle(keyOf(id), version)));
  };
  const buffer =
    settings.writeBehind.buffer === 'memory'
      ? memoryBuffer(persist)
      : streamBuffer(
          context.redis('cache', { purpose: 'cache-writes' }),
          config.instance,
          settings.writeBehind.claimAfterMs,
          persist,
        );
  const metrics = cacheMetrics(context.metrics, {
    breaker: () => breaker.state,
    localEntries: () => local.size,
    unwritten: () => buffer.length,
  });
  const gate = fillGate(settings.maxFills, settings.fillWaitMs);
  const parts = { settings, table, shared, local, breaker, gate, fills, metrics, longestFillMs };
  const cache = productCache(parts);
  const missed = missedInvalidations(
    settings.retryInvalidations,
    shared.invalidate,
    () => metrics.missedInvalidations.inc(),
    context,
  );
  if (settings.strategy === 'write-behind')
    flushRegularly(buffer, settings.writeBehind.flushEveryMs, context);
  if (settings.local !== null && news !== null) {
    const hears = (isHearing: boolean) => {
      metrics.flushes.inc();
      local.distrust();
      local.hears(isHearing);
    };
    news.listen(settings.local.pingEveryMs, {
      onMessage: cache.forget,
      onGap: () => hears(false),
      onListening: () => hears(true),
    });
  } else local.hears(true);
  const { strategy } = settings;
  return { read: cache.read, write: productWriter({ strategy, table, shared, cache, missed, buffer }) };
}

function productId(text: string): number {
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  return id >= 1 && id <= 2 ** 31 - 1 ? id : notFound();
}

function priceOf(body: unknown): number {
  const price = typeof body === 'object' && body !== null && 'priceCents' in body ? body.priceCents : null;
  if (typeof price === 'number' && Number.isSafeInteger(price) && price >= 0 && price < 2 ** 31) return price;
  throw new HttpError(400, 'bad-request', 'priceCents: expected a whole number of cents.');
}

function notFound(): never {
  throw new HttpError(404, 'not-found', 'There is no such product.');
}

function busy(reply: FastifyReply) {
  reply.code(503).header('retry-after', '1');
  return { error: 'busy', message: 'Too much is being read at the moment; nothing was done.' };
}
