import { EventEmitter } from 'node:events';
import { type Cluster, Command, type Redis } from 'ioredis';
import type { Subscriber } from './subscriber.ts';

const CHANGE_AFTER_MS = 100;

/**
 * A subscription in a cluster, on a connection of its own to one node, because ioredis' cluster client tells nobody
 * that messages were missed. Its own subscriber moves to another node without a word. So does the one that it has for
 * sharded channels (`shardedSubscribers`): that drops the errors of subscribing again, and when the table of slots has
 * not changed yet after a `sunsubscribe`, it does not subscribe again at all.
 *
 * `pubsub`: at any node, which hears over the bus what is published on all of them. `sharded`: at the owner of the
 * channels' slot, which they must share. The owner ends the subscription when it loses the slot, by a move or a
 * failover (`sunsubscribe`), and refuses one to slots of others (`MOVED`); both close the connection here, and the next
 * one goes to whoever owns the slot by then. Nobody hears `close` later than the server says so; an owner that has
 * fallen silent says nothing.
 */
export function clusterSubscriber(cluster: Cluster, form: 'pubsub' | 'sharded', channel: string): Subscriber {
  const events = new EventEmitter();
  const slot = new Command('ssubscribe', [channel]).getSlot();
  let node: Redis | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  const choose = (): Redis | undefined => {
    const nodes = cluster.nodes('all');
    if (form === 'pubsub') return nodes[Math.floor(Math.random() * nodes.length)];
    const owner = cluster.slots[slot]?.[0];
    return nodes.find(({ options: { host, port } }) => `${host}:${port}` === owner);
  };
  const open = () => {
    if (ended) return;
    const chosen = choose();
    if (chosen === undefined) return again();
    const mine = chosen.duplicate({
      lazyConnect: false,
      // Its successor is another node, perhaps.
      retryStrategy: () => null,
      enableOfflineQueue: false,
    });
    // A subscription is silent by nature; whether it is alive is found out by beats.
    delete mine.options.commandTimeout;
    delete mine.options.socketTimeout;
    node = mine;
    const tell = (channel: string, message: string) => events.emit('message', channel, message);
    mine.on('error', () => {});
    mine.on('ready', () => events.emit('ready'));
    mine.on('message', tell);
    mine.on('smessage', tell);
    // ioredis says so of `MOVED` and of a `sunsubscribe` that nobody asked for.
    mine.on('moved', () => mine.disconnect());
    mine.on('end', () => {
      events.emit('close');
      // The cluster's client asks only after an error of its own, and it may have had nothing to do.
      if (form === 'sharded' && !ended) cluster.refreshSlotsCache(() => {});
      again();
    });
  };
  const again = () => {
    timer = setTimeout(open, CHANGE_AFTER_MS);
  };
  open();

  return {
    get status() {
      return node?.status ?? 'wait';
    },
    on: (event: string, heard: (...args: string[]) => void) => events.on(event, heard),
    async subscribe(...channels) {
      const mine = node;
      if (mine === undefined) throw new Error('no node yet');
      if (form === 'pubsub') return mine.subscribe(...channels);
      try {
        // A replica would take it as well, and hear over the bus; what has a key it answers with MOVED.
        await Promise.all([mine.eval('return 1', 1, channel), mine.ssubscribe(...channels)]);
      } catch (error) {
        mine.disconnect();
        throw error;
      }
    },
    disconnect: () => node?.disconnect(),
    end() {
      ended = true;
      clearTimeout(timer);
      node?.disconnect();
    },
  };
}
