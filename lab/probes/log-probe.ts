import path from 'node:path';
import { real } from '../common/lab-speed.ts';
import type { AddressBook, NodeKind } from '../mesh/address-book.ts';
import { ownId } from './cluster-log-line.ts';
import type { EventLog } from './event-log.ts';
import { LogFollower } from './log-follower.ts';
import { parseLogLine, redisEvent, sentinelEvent } from './log-line.ts';
import type { NodeIds } from './node-ids.ts';
import type { RunClock } from './run-clock.ts';

const EVERY_MS = real(10);

/**
 * Reads every Redis' and Sentinel's log while it grows and records Sentinel's events, the data nodes' role changes and
 * what nodes of a cluster say of it; learns the ids of these on the way.
 */
export function logProbe(
  nodes: readonly { name: string; kind: NodeKind }[],
  logs: string,
  book: AddressBook,
  ids: NodeIds,
  clock: RunClock,
  events: EventLog,
  /** Whether a node's own time of day was right up to now: of a line of one that was not counts when it was read. */
  isRight: (node: string) => boolean,
): { stop(): void } {
  const servers = nodes.filter(({ kind }) => kind === 'redis' || kind === 'sentinel');
  const followers = servers.map(({ name, kind }) => {
    const interpret = kind === 'sentinel' ? sentinelEvent : redisEvent;
    return new LogFollower(path.join(logs, `${name}.log`), (text) => {
      const line = parseLogLine(text);
      const id = line && ownId(line);
      if (id) ids.learn(id, name);
      const event = line && interpret(line, book, ids);
      if (!line || !event) return;
      const at = isRight(name) ? clock.ofWall(line.wallMs) : clock.now();
      events.record({ at, source: name, ...event });
    });
  });
  const timer = setInterval(() => {
    for (const follower of followers) follower.poll();
  }, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      for (const follower of followers) follower.close();
    },
  };
}
