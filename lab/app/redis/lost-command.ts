const MESSAGES = ['Connection is closed.', 'Command timed out'];

/**
 * Whether a rejection that nobody waits for is that of a command which ioredis sent by itself and lost: after each
 * reconnect it subscribes again, in the Sentinel connections of its failover detector too, and ioredis 6.0 forgets to
 * look at what becomes of that (redis/ioredis#2187, mended but not released). It has done no harm, since the
 * connection is opened anew; by default Node ends the process for it, in the middle of a failover.
 */
export function isLostCommand(reason: unknown): boolean {
  if (!(reason instanceof Error)) return false;
  return MESSAGES.includes(reason.message) || reason.name === 'MaxRetriesPerRequestError';
}
