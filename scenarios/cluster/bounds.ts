/**
 * Until silence has made everybody suspect a node: it is pinged when it has said nothing for half of the node timeout,
 * and suspected when a ping has had no answer for a whole one (cluster.c, clusterCron). The rest is for a busy machine.
 */
export function suspectedWithinMs(nodeTimeoutMs: number): number {
  return 1.5 * nodeTimeoutMs + 500;
}

/**
 * Until a dead primary has been replaced, while a majority of primaries lives: it is suspected, and declared failing with
 * the next gossip (another half of the node timeout); its replica waits 500 to 1000 ms before it asks for votes; should it
 * not get them, which two that ask at once may not, it asks again after 4 node timeouts, 4 s at the least (cluster.c,
 * clusterHandleSlaveFailover). Clients get a second to follow.
 */
export function replacedWithinMs(nodeTimeoutMs: number): number {
  return (
    suspectedWithinMs(nodeTimeoutMs) + 0.5 * nodeTimeoutMs + 1000 + Math.max(4 * nodeTimeoutMs, 4000) + 1000
  );
}
