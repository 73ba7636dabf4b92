/** Before that nobody suspects a silent node: a ping that was on its way when it fell silent has to be a node timeout old. */
export function suspectedAfterMs(nodeTimeoutMs: number): number {
  return 0.8 * nodeTimeoutMs;
}

/**
 * Until silence has made everybody suspect a node: it is pinged when it has said nothing for half of the node timeout,
 * and suspected when a ping has had no answer for a whole one (cluster.c, clusterCron). The rest is for a busy machine.
 */
export function suspectedWithinMs(nodeTimeoutMs: number): number {
  return 1.5 * nodeTimeoutMs + 500;
}

/**
 * Until a dead primary has been replaced, while a majority of primaries lives: it is suspected, and declared failing with
 * the next gossip (another half of the node timeout); its replica waits 500 to 1000 ms before it asks for votes. Should it
 * not get them, as when two ask at the same moment, it begins anew after 4 node timeouts, 4 s at the least (cluster.c,
 * clusterHandleSlaveFailover), which is allowed for once. Clients get a second to follow.
 */
export function replacedWithinMs(nodeTimeoutMs: number): number {
  const declaredMs = suspectedWithinMs(nodeTimeoutMs) + 0.5 * nodeTimeoutMs;
  const electionMs = 1000;
  const againMs = Math.max(4 * nodeTimeoutMs, 4000);
  return declaredMs + electionMs + againMs + electionMs + 1000;
}
