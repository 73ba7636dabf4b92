import { randomUUID } from 'node:crypto';
import type { RedisClient } from '../context.ts';
import type { Subscriber } from './node-subscriber.ts';
import { REVOKED_CHANNEL } from './plain-store.ts';

/** Beats without a subscription until its connection is opened anew. */
const PATIENCE_BEATS = 5;

export interface RevocationListener {
  /** Sessions were revoked, here or elsewhere. */
  onRevoked(ids: readonly string[]): void;
  /** From now on something may have been missed. May be called several times in a row. */
  onGap(): void;
  /** From now on nothing is missed, until the next gap. */
  onListening(): void;
}

export interface Revocations {
  close(): void;
}

/**
 * Hears of revoked sessions over pub/sub, which forgets whoever is not connected, and notices when it may have
 * missed some. A closed connection is noticed at once. A silent one (packets dropped, a subscription that went
 * away) is noticed by beats: every `pingEveryMs` a message to itself goes out on the connection for commands and
 * has to come back through the subscription before the next one is due. That proves more than a PING of the
 * subscriber would: that its server still is the one that revocations are published on.
 *
 * So a revocation that is not heard is known to be missed after 2 × `pingEveryMs` at most. null: never.
 */
export function listenForRevocations(
  subscriber: Subscriber,
  publisher: RedisClient,
  pingEveryMs: number | null,
  listener: RevocationListener,
): Revocations {
  const beatChannel = `session:beat:${randomUUID()}`;
  let listening = false;
  let closed = false;
  let sent = 0;
  let heard = 0;
  let beatsWithout = 0;

  const gap = () => {
    listening = false;
    listener.onGap();
  };
  const subscribe = () => {
    subscriber.subscribe(REVOKED_CHANNEL, beatChannel).then(
      () => {
        if (closed || subscriber.status !== 'ready') return;
        heard = sent;
        listening = true;
        listener.onListening();
      },
      // It closed meanwhile, and will be ready again.
      () => {},
    );
  };
  subscriber.on('close', gap);
  subscriber.on('ready', subscribe);
  subscriber.on('message', (channel: string, message: string) => {
    if (channel === REVOKED_CHANNEL) listener.onRevoked(message.split(' '));
    else if (channel === beatChannel) heard = Math.max(heard, Number(message));
  });
  if (subscriber.status === 'ready') subscribe();

  const beat = () => {
    const missed = listening && heard < sent;
    beatsWithout = listening ? 0 : beatsWithout + 1;
    if (missed) gap();
    if (missed || beatsWithout >= PATIENCE_BEATS) {
      beatsWithout = 0;
      subscriber.disconnect(true);
    }
    if (listening) publisher.publish(beatChannel, String(++sent)).catch(() => {});
  };
  const timer = pingEveryMs === null ? undefined : setInterval(beat, pingEveryMs);
  return {
    close() {
      closed = true;
      clearInterval(timer);
    },
  };
}
