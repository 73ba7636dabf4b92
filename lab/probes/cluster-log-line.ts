import type { LabEvent } from '../history/observations.ts';
import type { LogLine } from './log-line.ts';
import type { NodeIds } from './node-ids.ts';

type Told = Pick<LabEvent, 'kind' | 'text' | 'data'>;
type Facts = NonNullable<LabEvent['data']>;

/** A node's id, with its name for people behind it since Redis 7.2 (empty where it has none). */
const ID = '([0-9a-f]{40})(?: \\([^)]*\\))?';

/** What a line begins with, the event that it is, and its facts; `id` resolves a node's id. */
const LINES: readonly (readonly [
  RegExp,
  string,
  (match: readonly string[], id: (text: string | undefined) => string) => Facts,
])[] = [
  [/^Cluster state changed: (ok|fail)/, 'cluster-state', ([, state = '']) => ({ state })],
  // Redis says this only at the level of debugging.
  [
    new RegExp(`^(?:\\*\\*\\* )?NODE ${ID} possibly failing`),
    'pfail',
    ([, node], id) => ({ node: id(node) }),
  ],
  [
    new RegExp(`^Marking node ${ID} as failing \\(quorum reached\\)`),
    'fail',
    ([, node], id) => ({ node: id(node), by: 'quorum' }),
  ],
  [
    new RegExp(`^FAIL message received from ${ID} about ${ID}`),
    'fail',
    ([, from, node], id) => ({ node: id(node), by: id(from) }),
  ],
  [new RegExp(`^Clear FAIL state for node ${ID}`), 'fail-cleared', ([, node], id) => ({ node: id(node) })],
  [
    /^Start of election delayed for (-?\d+) milliseconds \(rank #(\d+),(?: primary rank #\d+,)? offset (-?\d+)\)/,
    'election-delayed',
    ([, delayMs, rank, offset]) => ({ delayMs: Number(delayMs), rank: Number(rank), offset: Number(offset) }),
  ],
  [
    /^Starting a failover election for epoch (\d+)/,
    'election-started',
    ([, epoch]) => ({ epoch: Number(epoch) }),
  ],
  [/^Failover election won: I'm the new (?:master|primary)/, 'promotion', () => ({ by: 'election' })],
  [/^Taking over the (?:master|primary) \(user request/, 'promotion', () => ({ by: 'takeover' })],
  [
    new RegExp(`^Failover auth granted to ${ID} for epoch (\\d+)`),
    'vote',
    ([, node, epoch], id) => ({ node: id(node), epoch: Number(epoch) }),
  ],
  [
    new RegExp(`^Failover auth denied to ${ID}`),
    'vote-denied',
    ([whole = '', node], id) => ({ node: id(node), why: whole }),
  ],
  [/^Currently unable to failover: (.*)$/, 'failover-blocked', ([, why = '']) => ({ why })],
  [/^(?:New c|C|c)onfigEpoch set to (\d+)/, 'config-epoch', ([, epoch]) => ({ epoch: Number(epoch) })],
  [
    new RegExp(`configEpoch collision with node ${ID}\\.? configEpoch set to (\\d+)`),
    'config-epoch',
    ([, node, epoch], id) => ({ epoch: Number(epoch), collidedWith: id(node) }),
  ],
  [
    /^(Manual failover user request accepted|Forced failover user request accepted|Manual failover timed out)/,
    'manual-failover',
    ([, what = '']) => ({
      step: /timed out/.test(what) ? 'timed-out' : 'accepted',
      forced: /Forced/.test(what),
    }),
  ],
  [
    new RegExp(`^Manual failover requested by (?:replica|slave) ${ID}`),
    'manual-failover',
    ([, node], id) => ({ step: 'requested', node: id(node) }),
  ],
  [
    /^All (?:master|primary) replication stream processed, manual failover can start/,
    'manual-failover',
    () => ({ step: 'caught-up' }),
  ],
  [
    new RegExp(`Reconfiguring myself as a replica of (?:node |grandmaster |grandprimary )?${ID}`),
    'replica-of',
    ([, node], id) => ({ primary: id(node) }),
  ],
  [
    new RegExp(`^Migrating to orphaned (?:master|primary) ${ID}`),
    'replica-of',
    ([, node], id) => ({ primary: id(node), orphaned: true }),
  ],
  [
    new RegExp(`^(Migrating|Importing|Assigning) slot (\\d+) (?:to|from) node ${ID}`),
    'slot',
    ([, what = '', slot, node], id) => ({ step: what.toLowerCase(), slot: Number(slot), node: id(node) }),
  ],
  [/^Marking slot (\d+) stable/, 'slot', ([, slot]) => ({ step: 'stable', slot: Number(slot) })],
  [
    /^configEpoch updated after importing slot (\d+)/i,
    'slot',
    ([, slot]) => ({ step: 'imported', slot: Number(slot) }),
  ],
  [
    new RegExp(`^My last slot was migrated to node ${ID}`),
    'slot',
    ([, node], id) => ({ step: 'emptied', node: id(node) }),
  ],
  // What Valkey's nodes do about a move whose source was replaced, 8.0 for each slot and 9 for all together.
  [
    new RegExp(
      `ailover occurred in migration source\\. Update importing source (?:for slot (\\d+)|of \\d+ slot\\(s\\)) to node ${ID}`,
    ),
    'slot',
    ([, slot, node], id) => ({
      step: 'source-replaced',
      ...(slot === undefined ? {} : { slot: Number(slot) }),
      node: id(node),
    }),
  ],
  [
    new RegExp(`^Slot (\\d+) is no longer being (?:migrated to|imported from) node ${ID}`),
    'slot',
    ([, slot]) => ({ step: 'stable', slot: Number(slot) }),
  ],
  // Valkey 9 moves slots by itself, after CLUSTER MIGRATESLOTS.
  [/^Slot migration (?:initiated|job|operation)/, 'slot', () => ({ step: 'job' })],
];

/**
 * What a node of a cluster logs about the cluster, or null. Kinds: `cluster-state`, `pfail`, `fail` (`by`: `quorum`, or
 * the node that told), `fail-cleared`, `election-delayed`, `election-started`, `promotion`, `vote`, `vote-denied`,
 * `failover-blocked`, `config-epoch`, `manual-failover`, `replica-of`, `slot`. The texts are those of cluster.c (Redis
 * 7.0) and cluster_legacy.c (Redis 7.2 to 8, Valkey 8 and 9); levels differ between them and are not looked at.
 */
export function clusterEvent({ text }: LogLine, ids: NodeIds): Told | null {
  for (const [pattern, kind, facts] of LINES) {
    const match = pattern.exec(text);
    if (match === null) continue;
    return { kind, text: withNames(text, ids), data: facts(match, (id) => ids.nameOf(id ?? '')) };
  }
  return null;
}

/** The node's own id, which it says when it starts and when it is reset. */
export function ownId({ text }: LogLine): string | null {
  return (
    /^(?:No cluster configuration found|Node configuration loaded|Node hard reset)(?:, now|,) I'm ([0-9a-f]{40})/.exec(
      text,
    )?.[1] ?? null
  );
}

function withNames(text: string, ids: NodeIds): string {
  return text
    .replace(/ \(user request from '.*$/, '')
    .replace(/ in shard [0-9a-f]{40}/g, '')
    .replace(new RegExp(`\\b${ID}`, 'g'), (_, id: string) => ids.nameOf(id));
}
