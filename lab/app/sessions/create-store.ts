import { Cluster } from 'ioredis';
import type { AppContext, RedisClient } from '../context.ts';
import { broadcast } from '../redis/broadcast.ts';
import { announcements, REVOKED_CHANNEL } from './announcements.ts';
import { clusteredStore } from './clustered-store.ts';
import { plainStore } from './plain-store.ts';
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
  const news = broadcast(context, {
    role: 'sessions',
    purpose: 'revocations',
    channel: REVOKED_CHANNEL,
    commands: primary,
  });
  const plain = plainStore({
    settings,
    primary,
    reader,
    logins,
    announcements: announcements(news, metrics, context),
    metrics,
  });
  if (settings.store === 'plain') return plain;

  const clustered = clusteredStore(plain, settings, metrics);
  context.onClose(() => clustered.settle());
  news.listen(settings.local.pingEveryMs, clustered.listener);
  log.debug('sessions are kept in a local cache too');
  return clustered;
}

/** Asks every node: a cluster's client connects to a node when it is first needed, and refuses what comes until it has. */
async function reachable(primary: RedisClient): Promise<string | null> {
  if (primary.status !== 'ready') return primary.status;
  const nodes = primary instanceof Cluster ? primary.nodes('master') : [primary];
  const answers = await Promise.allSettled(nodes.map((node) => node.ping()));
  return answers.some(({ status }) => status === 'fulfilled') ? null : 'unreachable';
}
