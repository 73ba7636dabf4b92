import { addToSet, at, checks, cluster, defineScenario, faults, promotion, schedule } from 'failover-lab';

/** Both libraries: a socket that has been silent for so long is given up, and so is one that does not open. */
const SILENT_MS = 500;
/** node-redis gives up idle sockets as well, so something has to be said more often than that. */
const PING_MS = 200;
/** `commandsQueueMaxLength`: each client sends 50 a second to the shard, so after half a second it can send no more. */
const QUEUE = 25;
/** `topologyRefreshOnReconnectionAttemptStrategy`: so long after a loss the client asks who owns which slots. */
const REFRESH_MS = 500;
/** The longest pause between two attempts to reconnect; the client looks at each whether it is time to ask. */
const RETRY_MS = 250;
/** One attempt meets the frozen server, then comes the pause, then the client asks; the rest is for a busy machine. */
const KNOWN_WITHIN_MS = SILENT_MS + RETRY_MS + REFRESH_MS + 1000;
/** Load after the frozen server has come back. */
const AFTER_MS = 1000;
/** A replica waits up to 1 s before it asks for votes (cluster.c); the rest is for a busy machine. */
const ELECTION_MS = 3000;
const CLIENTS = 4;
const PER_SECOND = 200;

export default defineScenario({
  name: 'put-off-timeout',
  title: 'A timeout that every new command puts off',
  claim:
    'When a shard’s primary freezes, node-redis with a socket timeout does not notice as long as the application goes on sending: its users wait until the frozen server is back, whoever was promoted meanwhile. ioredis with the option of the same name is with the new primary within a second.',
  variants: {
    vulnerable: 'node-redis with a socket timeout, and set to reconnect and to ask for the slots soon.',
    hardened:
      'The same with a bound on the commands that wait: when it is reached, nothing is sent, and the timeout ends.',
  },
  mitigations: {
    'queue-bound':
      'The bound and the timeout alone: the default reconnectStrategy gives up after a socket timeout, for good.',
  },
  advice:
    'Where node-redis gets a socketTimeout, give it three things more. commandsQueueMaxLength: the timeout is of Node’s sockets, which count writing as activity, so that only a client that may not send any more notices a server that does not answer. A reconnectStrategy: the default one gives up after a socket timeout, and the shard’s connection stays closed until the application restarts. And topologyRefreshOnReconnectionAttemptStrategy, well below its 5 s. The price: under a burst commands are refused ("The queue is full"), so the bound has to be above what a slow moment piles up. Its commandOptions.timeout does not help: it ends when a command has been written.',
  settings: [
    { name: 'node-redis: commandsQueueMaxLength', vulnerable: 'none (default)', hardened: String(QUEUE) },
    { name: 'node-redis: socketTimeout', vulnerable: String(SILENT_MS), hardened: String(SILENT_MS) },
    {
      name: 'node-redis: reconnectStrategy',
      vulnerable: `50 to ${RETRY_MS} ms`,
      hardened: `50 to ${RETRY_MS} ms`,
    },
    {
      name: 'node-redis: topologyRefreshOnReconnectionAttemptStrategy',
      vulnerable: String(REFRESH_MS),
      hardened: String(REFRESH_MS),
    },
    { name: 'ioredis: socketTimeout', vulnerable: String(SILENT_MS), hardened: String(SILENT_MS) },
  ],
  compare: [
    {
      check: 'node-redis',
      figure: 'longestOutageMs',
      label: 'node-redis: shard of no use after the promotion',
      unit: 'ms',
    },
    {
      check: 'ioredis',
      figure: 'longestOutageMs',
      label: 'ioredis: shard of no use after the promotion',
      unit: 'ms',
    },
  ],
  experiment({ hardened, mitigation, timing }) {
    const isBounded = hardened || mitigation !== null;
    const timeouts = { connectTimeout: SILENT_MS, socketTimeout: SILENT_MS };
    // All in the shard that is hit.
    const common = {
      clients: CLIENTS,
      keys: 10,
      keySlots: { ranges: [[0, 5460]] },
      rate: { perSecond: PER_SECOND },
    } as const;
    return {
      topology: cluster({ redis: { 'cluster-require-full-coverage': 'no' } }),
      workloads: [
        addToSet({
          ...common,
          name: 'by-node-redis',
          library: 'node-redis',
          nodeRedis: {
            ...(mitigation === null ? { topologyRefreshOnReconnectionAttemptStrategy: REFRESH_MS } : {}),
            defaults: {
              pingInterval: PING_MS,
              ...(isBounded ? { commandsQueueMaxLength: QUEUE } : {}),
              socket: {
                ...timeouts,
                ...(mitigation === null ? { reconnectStrategy: { minMs: 50, maxMs: RETRY_MS } } : {}),
              },
            },
          },
        }),
        addToSet({ ...common, name: 'by-ioredis', redis: timeouts }),
      ],
      load: { afterMs: AFTER_MS },
      nemesis: schedule(
        at(500)
          .inject(faults.pause('primary of slot 0'))
          .once(promotion, { withinMs: timing.failoverBoundMs })
          .then(KNOWN_WITHIN_MS),
      ),
      checks: [
        checks.availability({
          name: 'node-redis',
          group: 'by-node-redis',
          after: 'promotion',
          maxOutageMs: KNOWN_WITHIN_MS,
        }),
        checks.availability({
          name: 'ioredis',
          group: 'by-ioredis',
          after: 'promotion',
          maxOutageMs: KNOWN_WITHIN_MS,
        }),
        checks.slotCoverage({ maxUncoveredMs: 2 * timing.nodeTimeoutMs + ELECTION_MS }),
        checks.vacuity({
          minimumRatePerSecond: PER_SECOND / 2,
          minimumWritesInWindow: 0,
          minimumAttemptsInWindow: PER_SECOND,
        }),
      ],
      expect: [
        hardened
          ? {
              check: 'node-redis',
              verdict: 'valid',
              because: `an attempt at the frozen server ends after ${SILENT_MS} ms, the next one follows within ${RETRY_MS} ms, and with one of them the client asks the other nodes`,
            }
          : mitigation === null
            ? {
                check: 'node-redis',
                verdict: 'invalid',
                figures: { longestOutageMs: { min: KNOWN_WITHIN_MS } },
                because:
                  'each write starts the socket’s timer anew (Node, net.js), no MOVED comes from a frozen server, and nothing else makes node-redis ask',
              }
            : {
                check: 'node-redis',
                verdict: 'invalid',
                figures: { longestOutageMs: { min: KNOWN_WITHIN_MS + AFTER_MS } },
                because:
                  'the strategy that gives up leaves a closed connection in the table of slots: neither the promotion nor the return of the frozen server opens it',
              },
        {
          check: 'ioredis',
          verdict: 'valid',
          because:
            'ioredis counts from the last answer, drops the connection and asks the other nodes for the slots',
        },
        {
          check: 'slot-coverage',
          verdict: 'valid',
          because: 'the servers have recovered after two node timeouts and an election, in both variants',
        },
      ],
    };
  },
});
