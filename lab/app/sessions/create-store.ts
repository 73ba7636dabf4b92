import { Cluster, type Redis } from 'ioredis';
import type { AppContext, RedisClient } from '../context.ts';
import { clusteredStore } from './clustered-store.ts';
import { nodeSubscriber, type Subscriber } from './node-subscriber.ts';
import { plainStore } from './plain-store.ts';
import { listenForRevocations } from './revocations.ts';
import { sessionMetrics } from './session-metrics.ts';
import type { SessionStore } from './store.ts';

/** The store that the settings ask for, with its connections. */
export function createStore(context: AppContext): SessionStore {
  const { config, metrics: registry, log } = context;
  const settings = config.sessions;
  const { acknowledgedBy, acknowledgeWithinMs, readFrom } = settings;
  const { commandTimeoutMs } = config.clients.sessions;
  const metrics = sessionMetrics(registry);
  const primary = context.redis('sessions');
  context.onReady('sessions', () => reachable(primary));
  // WAIT answers late on purpose.
  const patience = commandTimeoutMs === null ? null : commandTimeoutMs + acknowledgeWithinMs;
  const logins =
    acknowledgedBy === 0
      ? primary
      : context.redis('sessions', { purpose: 'logins', client: { commandTimeoutMs: patience } });
  const reader =
    readFrom === 'primary' ? primary : context.redis('sessions', { purpose: 'requests', readFrom });
  const plain = plainStore({ settings, primary, reader, logins, metrics });
  if (settings.store === 'plain') return plain;

  const clustered = clusteredStore(plain, settings, metrics);
  const subscriber = openSubscriber(context, primary);
  const revocations = listenForRevocations(
    subscriber,
    primary,
    settings.local.pingEveryMs,
    clustered.listener,
  );
  context.onClose(async () => {
    revocations.close();
    await clustered.settle();
  });
  log.debug('sessions are kept in a local cache too');
  return clustered;
}

function openSubscriber(context: AppContext, primary: RedisClient): Subscriber {
  if (primary instanceof Cluster) {
    const subscriber = nodeSubscriber(primary);
    context.onClose(async () => subscriber.end());
    return subscriber;
  }
  // A subscription is silent by nature; whether it is alive is found out by beats.
  const client = { commandTimeoutMs: null, socketTimeoutMs: null };
  return context.redis('sessions', { purpose: 'revocations', client }) as Redis;
}

/** Asks every node: a cluster's client connects to a node when it is first needed, and refuses what comes until it has. */
async function reachable(primary: RedisClient): Promise<string | null> {
  if (primary.status !== 'ready') return primary.status;
  const nodes = primary instanceof Cluster ? primary.nodes('master') : [primary];
  const answers = await Promise.allSettled(nodes.map((node) => node.ping()));
  return answers.some(({ status }) => status === 'fulfilled') ? null : 'unreachable';
}
