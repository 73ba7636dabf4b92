import { randomUUID } from 'node:crypto';
import type { Subscriber } from './subscriber.ts';

/** Beats without a subscription until its connection is opened anew. */
const PATIENCE_BEATS = 5;

export interface Listener {
  onMessage(message: string): void;
  /** From now on something may have been missed. */
  onGap(): void;
  /** From now on nothing is missed, until the next gap. */
  onListening(): void;
}

/** One way by which messages come to the channel: publishes on it, or on another channel in its slot. */
export type Way = (channel: string, message: string) => Promise<unknown>;

export interface ListenOptions {
  channel: string;
  subscriber: Subscriber;
  /** All ways that a message may take, as they are now. */
  ways(): readonly Way[];
  /** How often they are proved; null: never. */
  pingEveryMs: number | null;
  listener: Listener;
}

/**
 * Hears what is published on a channel. Pub/sub forgets whoever is not connected, so this notices when it may have
 * missed something. A closed connection, and a slot that has moved away, are noticed at once. What is silent (packets
 * dropped, a subscription that went away, nodes of a cluster that no longer hear each other) is noticed by beats:
 * every `pingEveryMs` a message to itself goes out by each of the ways, and all of them have to be back before the
 * next ones are due. That proves more than a PING of the subscriber would, which its server answers even where no
 * message reaches it.
 *
 * So a message that is not heard is known to be missed after 2 × `pingEveryMs` at most.
 */
export function listen({ channel, subscriber, ways, pingEveryMs, listener }: ListenOptions): {
  close(): void;
} {
  // In the slot of the channel itself, so that both have the same owner in a cluster.
  const beatChannel = `{${channel}}:beat:${randomUUID()}`;
  let listening = false;
  let closed = false;
  /** The last beat: its number, and the ways by which it has not come back yet. */
  let beat = { number: 0, missing: new Set<number>() };
  let beatsWithout = 0;

  const gap = () => {
    if (!listening) return;
    listening = false;
    listener.onGap();
  };
  const subscribe = () => {
    subscriber.subscribe(channel, beatChannel).then(
      () => {
        if (closed || subscriber.status !== 'ready') return;
        beat = { number: beat.number, missing: new Set() };
        listening = true;
        listener.onListening();
      },
      // It closed meanwhile, and will be ready again.
      () => {},
    );
  };
  subscriber.on('close', gap);
  subscriber.on('ready', subscribe);
  subscriber.on('message', (on, message) => {
    if (on === channel) return listener.onMessage(message);
    if (on !== beatChannel) return;
    const [number, way] = message.split(' ').map(Number);
    if (number === beat.number && way !== undefined) beat.missing.delete(way);
  });
  if (subscriber.status === 'ready') subscribe();

  const send = () => {
    const all = ways();
    beat = { number: beat.number + 1, missing: new Set(all.keys()) };
    for (const [way, publish] of all.entries()) publish(beatChannel, `${beat.number} ${way}`).catch(() => {});
  };
  const tick = () => {
    const missed = listening && beat.missing.size > 0;
    beatsWithout = listening ? 0 : beatsWithout + 1;
    if (missed) gap();
    if (missed || beatsWithout >= PATIENCE_BEATS) {
      beatsWithout = 0;
      subscriber.disconnect();
    }
    if (listening) send();
  };
  const timer = pingEveryMs === null ? undefined : setInterval(tick, pingEveryMs).unref();
  return {
    close() {
      closed = true;
      clearInterval(timer);
      subscriber.end();
    },
  };
}
