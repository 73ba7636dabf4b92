import type { AppContext } from '../context.ts';
import { clusteredStore } from './clustered-store.ts';
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
  context.onReady('sessions', async () => ((await primary.ping()) === 'PONG' ? null : 'no PONG'));
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
  // A subscription is silent by nature; whether it is alive is found out by beats.
  const subscriber = context.redis('sessions', {
    purpose: 'revocations',
    client: { commandTimeoutMs: null, socketTimeoutMs: null },
  });
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
