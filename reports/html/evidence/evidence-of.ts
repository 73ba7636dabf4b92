import type { JudgedCheck } from '../../../lab/run/record.ts';
import type { RunDocument } from '../../data/run-document.ts';
import { causes as causeWords } from '../finding-words.ts';
import { decisionsOf } from '../timeline/decisions.ts';
import type { Evidence, EvidenceItem, EvidenceRow } from './evidence.ts';

/** Rows that a page carries at most: a fifth of a megabyte of them, so that the largest page stays below two. */
const mostRows = 6000;
const mostDecisions = 400;

/** What other parts of the page show: steps of a recovery, and whatever lasts. */
const shownElsewhere: readonly string[] = [
  'step',
  'outage',
  'never-recovered',
  'uncovered',
  'two-owners',
  'connections',
];

/** Everything that the checks found, write by write and answer by answer; null where they found nothing of the kind. */
export function evidenceOf({ checks, seen }: RunDocument): Evidence | null {
  const found = checks.map(itemsOf);
  const total = found.reduce((sum, one) => sum + one.total, 0);
  const items = found.flatMap((one) =>
    evenly(one.items, Math.ceil((mostRows * one.total) / Math.max(total, 1))),
  );
  if (items.length === 0) return null;
  items.sort((a, b) => a.at - b.at);
  const [names, texts] = [['check', 'kind', 'cause', 'client', 'node', 'key'].map(() => places()), places()];
  const rows = items.map((item): EvidenceRow => {
    const [check, kind, cause, client, node, key] = [
      item.check,
      item.kind,
      item.cause,
      item.client,
      item.node,
      item.key,
    ].map((name, i) => names[i]?.of(name) ?? -1) as [number, number, number, number, number, number];
    // A hundredth of a millisecond is finer than any clock that took part; more digits would be a fifth of the page.
    return [
      Math.round(item.at * 100) / 100,
      check,
      kind,
      cause,
      client,
      node,
      key,
      texts.of(item.text),
      item.id,
    ];
  });
  const [all0, kinds, causes, clients, nodes, keys] = names.map((one) => one.all());
  return {
    checks: all0 ?? [],
    kinds: kinds ?? [],
    causes: causes ?? [],
    clients: clients ?? [],
    nodes: nodes ?? [],
    keys: keys ?? [],
    texts: texts.all(),
    rows,
    total,
    decisions: decisionsAndFaults(seen),
    meanings: Object.fromEntries(
      (causes ?? []).flatMap((cause) =>
        Object.hasOwn(causeWords, cause) ? [[cause, causeWords[cause]?.meaning ?? '']] : [],
      ),
    ),
  };
}

function decisionsAndFaults(seen: RunDocument['seen']): Evidence['decisions'] {
  const faults = seen.faults.flatMap(({ injectedAt, healedAt, text }) => [
    [injectedAt, `the fault begins: ${text}`] as const,
    ...(healedAt === null ? [] : [[healedAt, `healing begins: ${text}`] as const]),
  ]);
  const decisions = decisionsOf(seen).map(({ at, text }) => [at, text] as const);
  return [...faults, ...decisions.slice(0, mostDecisions)].sort(([a], [b]) => a - b);
}

function itemsOf({ name, findings, lost, marks }: JudgedCheck): { items: EvidenceItem[]; total: number } {
  const rest = findings.filter(
    ({ kind, to }) =>
      !shownElsewhere.includes(kind) && to === undefined && (lost === undefined || kind !== 'lost'),
  );
  const items = rest.map(
    (one): EvidenceItem => ({
      at: one.at,
      check: name,
      kind: one.kind,
      cause: one.cause ?? '',
      client: one.client ?? '',
      node: one.node ?? '',
      key: one.key ?? '',
      text: one.text,
      id: one.value ?? null,
    }),
  );
  const kinds = new Set(items.map(({ kind }) => kind));
  const counted = (marks ?? [])
    .filter(({ kind }) => kinds.has(kind))
    .reduce((sum, { counts }) => sum + counts.reduce((a, b) => a + b, 0), 0);
  const writes = (lost?.rows ?? []).map(
    ([at = 0, client = -1, node = -1, key = -1, cause = -1, id = 0]): EvidenceItem => ({
      at,
      check: name,
      kind: 'lost',
      cause: lost?.causes[cause] ?? '',
      client: lost?.clients[client] ?? '',
      node: lost?.nodes[node] ?? '',
      key: lost?.keys[key] ?? '',
      text: '',
      id,
    }),
  );
  return { items: [...writes, ...items], total: (lost?.total ?? 0) + Math.max(counted, items.length) };
}

/** So many of a list, the first and the last among them. */
function evenly<T>(list: readonly T[], share: number): readonly T[] {
  if (list.length <= share) return list;
  const apart = (list.length - 1) / Math.max(1, share - 1);
  return Array.from({ length: share }, (_, i) => list[Math.round(i * apart)] as T);
}

/** Gives each name a place; the empty one has none. */
function places() {
  const known = new Map<string, number>();
  return {
    of(name: string): number {
      if (name === '') return -1;
      const place = known.get(name) ?? known.size;
      known.set(name, place);
      return place;
    },
    all: () => [...known.keys()],
  };
}
