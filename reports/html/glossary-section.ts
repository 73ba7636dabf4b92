import type { RunDocument } from '../data/run-document.ts';
import { causes, kinds } from './finding-words.ts';
import { html, type Markup } from './markup.ts';
import { figureName } from './units.ts';

type Term = readonly [term: string, meaning: string];

const general: readonly Term[] = [
  ['acknowledged', 'The client got an OK: it was told that its write is stored.'],
  ['lost', kinds.lost ?? ''],
  [
    'promotion, switch',
    'Promotion: a replica becomes primary, by its own log. Switch: Sentinels announce it to clients (+switch-master), which is later.',
  ],
  [
    'full copy, partial resynchronisation',
    'A replica either throws its data away and takes all of its primary’s, or, where their histories agree, only what it lacks.',
  ],
  [
    'outcome unknown',
    'A timeout or a broken connection: the write may be stored or not. It is held neither for nor against Redis.',
  ],
  [
    'proved',
    'The lab does not trust its own faults: it looked, from outside, whether the fault was in force. Without that a run is inconclusive.',
  ],
  [
    'vacuity',
    'Whether the run could show anything: the fault was proved, and enough was written while it was in force.',
  ],
  [
    'lab time',
    'The time that all processes of a run go by. At a speed of 10 it goes ten times as fast as real time; every time in this report is lab time.',
  ],
];

const ofSentinel: readonly Term[] = [
  [
    '+sdown, +odown',
    'Subjectively down: one Sentinel gets no valid answer for down-after-milliseconds. Objectively down: as many Sentinels as the quorum say so, and a failover may begin.',
  ],
];

const ofCluster: readonly Term[] = [
  [
    'slot, shard',
    'A cluster’s keys lie in 16 384 slots, which its primaries share among them. A primary with its replicas is a shard; this page calls it by the node that owned its slots when the load began.',
  ],
  [
    'served',
    'A slot is served while its owner runs and takes the cluster for sound, and a majority of the owners sees it so and does not suspect it. Else commands on its keys are refused, or nobody answers.',
  ],
  [
    'owner, according to whom',
    'Each node has a view of its own of who owns which slots. They learn from each other by gossip, so that for a while, or as long as they are cut off, they may name different owners.',
  ],
  [
    'PFAIL, FAIL',
    'Suspected: a node has had no answer from another for the node timeout (cluster-node-timeout). Failing: a majority of primaries suspects it, and its replicas may ask for votes.',
  ],
  [
    'election, epoch',
    'A replica asks the primaries for their votes, and a majority makes it primary. Each election has a number, its epoch: of two nodes that claim a slot the one with the higher epoch has it.',
  ],
  [
    'the cluster is down',
    'cluster_state:fail, by one node’s own account: it sees too few primaries, or not all slots are owned (cluster-require-full-coverage). It refuses commands with CLUSTERDOWN.',
  ],
  [
    'MOVED, ASK',
    'How a node sends a client on: MOVED to the owner of the slot; ASK, for this once, to the node to which the slot is being moved. Either is a redirect.',
  ],
];

/** The words that the page uses, for those who do not run Redis every day: of findings and causes those that this run has. */
export function glossarySection(document: RunDocument): Markup {
  const terms = [
    ...general,
    ...(document.processes.some(({ kind }) => kind === 'sentinel') ? ofSentinel : []),
    ...(document.seen.slots === undefined ? [] : ofCluster),
    ...foundTerms(document),
  ];
  return html`<section id="words"><h2>Words</h2><dl class="words">${terms.map(
    ([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>`,
  )}</dl></section>`;
}

/** Kinds and causes of this run's findings, and the parts of breakdowns that are not nothing. */
function foundTerms({ checks }: RunDocument): Term[] {
  const found = checks.flatMap(({ findings, figures }) => [
    ...findings.flatMap(({ kind, cause }) => [kind, cause ?? kind]),
    ...Object.values(figures).flatMap((value) =>
      typeof value === 'object' && value !== null
        ? Object.keys(value).filter((part) => value[part] !== 0)
        : [],
    ),
  ]);
  const words = [...new Set(found)].filter((word) => word !== 'lost' && word !== 'step').sort();
  return words.flatMap((word) => {
    const meaning = meaningOf(word);
    return meaning === undefined ? [] : [[figureName(word), meaning] as const];
  });
}

/** What a kind of finding, or a cause, means; undefined for one that has no words. */
export function meaningOf(word: string): string | undefined {
  if (Object.hasOwn(causes, word)) return causes[word]?.meaning;
  return Object.hasOwn(kinds, word) ? kinds[word] : undefined;
}
