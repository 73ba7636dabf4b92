import { Cluster } from 'ioredis';
import { Gauge } from 'prom-client';
import type { AppContext } from '../context.ts';
import { type Listener, listen, type Way } from './listen.ts';
import { type Meeting, openSubscriber } from './subscriber.ts';

/** How the instances tell each other what has become invalid, over a channel of one role's Redis. */
export interface Broadcast {
  /** What the script that changes something is to PUBLISH on, in the same step; '': nothing, `tell` does it. */
  readonly scriptChannel: string;
  /** After the script: tells what it could not. Rejects when that failed: some may have heard it, or nobody. */
  tell(message: string): Promise<void>;
  /** Until the application closes. `pingEveryMs`: how often it is proved that messages arrive; null: never. */
  listen(pingEveryMs: number | null, listener: Listener): void;
}

/**
 * The setting `invalidation` of the role chooses the form.
 *
 * `pubsub`: whichever node runs the script publishes. In a cluster the message goes from there to the subscriber's
 * node over the cluster bus, once, without an answer: if those two do not hear each other, it is lost, and no
 * connection of a client shows it. Each beat therefore goes through every primary.
 *
 * `sharded` (a cluster alone): publishers and subscribers meet at the one node that owns the channel's slot, so a
 * message crosses no bus, and one beat proves its whole way. A script may only publish in the slots of its own node,
 * so it is a second step, which can fail by itself: whoever is told of the change has to wait for it. While that node
 * is away nobody can be told anything, whichever shard the change was in.
 */
export function broadcast(context: AppContext, meeting: Meeting): Broadcast {
  const { channel, commands, role } = meeting;
  const isSharded = context.config[role].invalidation === 'sharded';
  const ways = (): Way[] => {
    if (isSharded) return [(on, message) => commands.eval(SPUBLISH, 1, on, message)];
    const nodes = commands instanceof Cluster ? commands.nodes('master') : [commands];
    return nodes.map((node) => (on, message) => node.publish(on, message));
  };
  return {
    scriptChannel: isSharded ? '' : channel,
    async tell(message) {
      if (isSharded) await commands.eval(SPUBLISH, 1, channel, message);
    },
    listen(pingEveryMs, listener) {
      const gauge = new Gauge({
        name: `app_${role}_listening`,
        help: '1 while this instance hears what others tell it to forget.',
        registers: [context.metrics],
      });
      const heard: Listener = {
        onMessage: listener.onMessage,
        onGap() {
          gauge.set(0);
          context.log.info({ role }, 'invalidations may have been missed');
          listener.onGap();
        },
        onListening() {
          gauge.set(1);
          listener.onListening();
        },
      };
      const subscriber = openSubscriber(context, meeting);
      const listening = listen({ channel, subscriber, ways, pingEveryMs, listener: heard });
      context.onClose(async () => listening.close());
    },
  };
}

/**
 * A replica takes SPUBLISH too, and hands it on over the bus; a script with a key it answers with MOVED. So this
 * reaches the subscribers at the owner of the slot, or fails.
 */
const SPUBLISH = "return redis.call('SPUBLISH', KEYS[1], ARGV[1])";
