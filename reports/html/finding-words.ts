/** What a cause is called for people: in a few words, and in the glossary. */
export interface CauseWords {
  /** Stands behind a number of findings: `358 writes, never reached the replica that was promoted`. */
  short: string;
  meaning: string;
}

/** Every cause that a checker gives. An error of a user's request is its own cause, and needs no words. */
export const causes: Readonly<Record<string, CauseWords>> = {
  'minority-primary': {
    short: 'acknowledged by a primary that was cut off or already replaced',
    meaning:
      'Acknowledged by a primary that the others had replaced, or (in a cluster) were about to, since it was cut off from them. It does not know, and what it has is thrown away when it comes back.',
  },
  unreplicated: {
    short: 'never reached the replica that was promoted',
    meaning:
      'The primary had acknowledged the write and no replica that became primary had received it. Redis replicates after it acknowledges.',
  },
  'stale-replica': {
    short: 'written while the replica that was promoted heard nothing from its primary',
    meaning:
      'The replica that was promoted had heard nothing from its primary since before the write, and before the fault (its connection was down, or hung): it came into office with old data.',
  },
  'slot-moved': {
    short: 'its slot was moved, and it was not',
    meaning:
      'The slot of its key was moved to another node, which has not got the write: it was left behind, or acknowledged by the old owner after the move.',
  },
  'open-move': {
    short: 'left behind by a move of its slot that was never completed',
    meaning:
      'The slot was on its way to another node when its owner was replaced. The new owner knows nothing of the move, so nobody looks for the key on the node to which it had been carried.',
  },
  wiped: {
    short: 'wiped when replicas copied an empty primary',
    meaning: 'The primary came back with less data than it had, and its replicas copied that.',
  },
  flushed: { short: 'emptied by FLUSHALL', meaning: 'Somebody emptied the node (FLUSHALL or FLUSHDB).' },
  evicted: {
    short: 'evicted for lack of memory',
    meaning: 'Redis had reached maxmemory and threw the key away.',
  },
  expired: { short: 'expired', meaning: 'The key had a time to live, and it ran out.' },
  clock: {
    short: 'by a clock that was wrong',
    meaning:
      'The time of day on some host was wrong: by it keys were older than they were, and what they held was over.',
  },
  'expired-early': {
    short: 'expired before its time',
    meaning: 'The key expired before the time to live that was promised had passed.',
  },
  unexplained: { short: 'nobody knows why', meaning: 'Nothing that was seen explains it.' },
  waiting: {
    short: 'still waiting in the queue at the end',
    meaning: 'The order was still in the queue, not yet worked on, when the run ended.',
  },
  failed: {
    short: 'in the queue’s failed set after the last attempt',
    meaning: 'The job had failed as often as it may; it stays in the queue’s failed set.',
  },
  'replica-lag': {
    short: 'there, but not yet where it was looked for',
    meaning: 'A replica was asked before it had received the write; later it was found.',
  },
  'fail-open': {
    short: 'let through because Redis was away',
    meaning: 'The limit could not be asked, and the application is set to let requests through then.',
  },
  'local-caps': {
    short: 'let through by each instance’s own cap',
    meaning: 'While Redis was away each instance of the application counted for itself.',
  },
  failover: {
    short: 'forgotten by a failover',
    meaning: 'Another node was promoted within the window, without the counts that had not been replicated.',
  },
  blocked: {
    short: 'of a key that is refused for ever',
    meaning: 'A counter without an end keeps refusing its key.',
  },
  'counted-twice': {
    short: 'counted more than once',
    meaning: 'A request was counted again when the client library sent it again.',
  },
  open: { short: 'let through without asking', meaning: 'Without Redis every request was let through.' },
  local: {
    short: 'decided by each instance alone',
    meaning: 'Without Redis each instance counted for itself.',
  },
  closed: { short: 'refused without asking', meaning: 'Without Redis every request was refused.' },
  lost: {
    short: 'the database ended below it',
    meaning: 'The database ended with an older version than was acknowledged.',
  },
  repeated: {
    short: 'somebody was given the same version before',
    meaning: 'Two updates were given the same version, so that one of them is gone.',
  },
  'revoked-accepted': {
    short: 'accepted after its logout',
    meaning: 'A session was accepted although its logout had been acknowledged longer ago than was stated.',
  },
  resurrected: {
    short: 'accepted again after it had been refused',
    meaning: 'A session that had ended, and was refused already, was accepted again.',
  },
  'accepted-after-ttl': {
    short: 'accepted after its time to live',
    meaning: 'A session was accepted although nothing had used it for longer than its time to live.',
  },
};

/** Every kind of finding that a checker gives. */
export const kinds: Readonly<Record<string, string>> = {
  lost: 'Acknowledged, and not in the data of whoever is primary at the end.',
  unexpected: 'There at the end, though nobody tried to write it.',
  'applied-failure': 'There at the end, though the client was told that it failed.',
  outage: 'A client had no success for longer than a pause that is normal.',
  'never-recovered': 'A client that the fault interrupted had no success any more while the load ran.',
  step: 'Something that happened between a fault and its recovery; see “Recovery, step by step”.',
  uncovered: 'Slots of a cluster that no node served.',
  'two-owners': 'Two nodes of a cluster served the same slots at once.',
  redirected: 'An operation that was sent on to another node more often than was stated.',
  exhausted: 'An operation that ended because the client library gives up after so many redirects.',
  stale: 'A read or a page that showed an older version than one that had been acknowledged before.',
  permanent: 'Staleness that outlived every promised time to live.',
  ahead: 'A version was shown that nobody can have written yet.',
  'going-back': 'A client was shown an older version than before.',
  'read-your-writes': 'A client did not see what it had written itself.',
  'lost-version': 'A version of a register that was acknowledged and is gone.',
  'lost-update': 'An update that was acknowledged and that the database has not got.',
  'repeated-answer': 'Two increments of a counter got the same answer.',
  duplicate: 'Done more than once.',
  'out-of-order': 'A turn of a conversation stands behind one that was said later.',
  'short-recall': 'A conversation was shown without turns that had been acknowledged.',
  logout: 'Somebody who was logged in was refused.',
  revoked: 'A session was accepted after its end.',
  'mixed-up': 'Somebody was answered as another user.',
  ttl: 'A session outlived its time to live.',
  'over-admitted': 'A request that the limit should have refused was let through.',
  'under-admitted': 'A request that the limit should have let through was refused.',
  blocked: 'A key that was refused for ever.',
  'without-redis': 'A time in which limits were decided without Redis.',
  interleaved: 'A step of work under a lock that was taken after one of a later holder.',
  stampede: 'Many clients filled the same cache entry at once.',
  connections: 'A burst of new connections.',
  crossed: 'A threshold of k6 was crossed.',
  error: 'A user’s request ended with an error.',
};
