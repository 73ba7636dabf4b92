import type { AppContext } from '../context.ts';

/** Prefix of the channels; the key follows. */
export const CHANNEL = 'cache:invalidate:';

export interface InvalidationListener {
  /** Somebody wrote this key. */
  onKey(key: string): void;
  /** Whether news is being heard; after false some may have been missed. */
  onHearing(isHearing: boolean): void;
}

/**
 * Listens to `cache:invalidate:*` on a connection of its own. The subscription is made anew by hand on each `ready`,
 * so that `onHearing(true)` comes after the server has confirmed it. A link that is silently dead is found by a ping.
 */
export function listenToInvalidations(
  { redis, onClose, log }: Pick<AppContext, 'redis' | 'onClose' | 'log'>,
  listener: InvalidationListener,
  pingEveryMs: number | null,
): void {
  const client = redis('cache', { purpose: 'cache-subscriber' });
  let isHearing = false;
  let isClosed = false;
  const hear = (now: boolean) => {
    if (now === isHearing) return;
    isHearing = now;
    listener.onHearing(now);
  };
  const subscribe = async () => {
    try {
      await client.psubscribe(`${CHANNEL}*`);
      hear(true);
    } catch (error) {
      log.warn({ reason: String(error) }, 'subscribing to invalidations failed');
      if (!isClosed) client.disconnect(true);
    }
  };
  client.on('pmessage', (_pattern: string, channel: string) => listener.onKey(channel.slice(CHANNEL.length)));
  client.on('close', () => hear(false));
  client.on('ready', () => void subscribe());
  if (client.status === 'ready') void subscribe();
  let isPinging = false;
  const ping = async () => {
    if (!isHearing || isPinging) return;
    isPinging = true;
    try {
      await client.ping();
    } catch {
      hear(false);
      if (!isClosed) client.disconnect(true);
    } finally {
      isPinging = false;
    }
  };
  const timer = pingEveryMs === null ? undefined : setInterval(() => void ping(), pingEveryMs).unref();
  onClose(async () => {
    isClosed = true;
    clearInterval(timer);
  });
}
