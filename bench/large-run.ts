import { runChecks } from '../lab/checkers/run-checks.ts';
import { prng } from '../lab/common/prng.ts';
import { type HistoryStore, historyStore } from '../lab/history/history-store.ts';
import type { LabEvent, Observations } from '../lab/history/observations.ts';
import { computeSeries } from '../lab/history/series.ts';
import { documentOf, type RunDocument } from '../reports/data/run-document.ts';
import { splitBrainSample } from '../reports/data/sample.ts';
import { sampleOwnership } from '../reports/data/sample-cluster.ts';

const runMs = 60_000;
const shards = 15;
const groups = 8;
const clientsEach = 5;
const cutAt = 20_000;
const promotedAt = 24_000;
const healedAt = 40_000;
const errors = ['timeout', 'CLUSTERDOWN', 'MOVED', 'reset', 'refused', 'READONLY', 'max-retries', 'LOADING'];

/**
 * The document of a run like the largest that there are: a cluster of 15 primaries with a replica each, three of which
 * are cut off and replaced, and so many operations by eight groups of clients within a minute, with latencies that
 * spread over three powers of ten, eight kinds of errors and lost writes. Its checks and series are the real ones.
 */
export function largeRun(operations: number): RunDocument {
  const history = historyOf(operations);
  const seen = observations();
  const specs = [
    { checker: 'set', options: {} },
    { checker: 'availability', options: {} },
    { checker: 'vacuity', options: {} },
  ];
  return documentOf({
    ...splitBrainSample(),
    durationMs: runMs,
    topology: `cluster of ${shards} primaries, 1 replica each`,
    hosts: nodes().map((node, i) => ({ name: `host-${i + 1}`, zone: null, processes: [node] })),
    processes: nodes().map((name, i) => ({
      name,
      kind: 'redis' as const,
      host: `host-${i + 1}`,
      address: `127.1.0.${i + 11}:6379`,
      configuration: 'port 6379\ncluster-enabled yes\ncluster-node-timeout 1000\n'.repeat(5),
      log: `logs/${name}.log`,
    })),
    clients: history.clients,
    phases: [{ name: 'disturb', from: 1000, to: healedAt }],
    seen,
    ownership: ownership(),
    ...computeSeries({ operations: history.operations, clients: history.clients, durationMs: runMs }),
    checkSpecs: specs,
    checks: runChecks(specs, { history, seen }),
  });
}

function nodes(): string[] {
  return Array.from({ length: 2 * shards }, (_, i) => `redis-${i + 1}`);
}

function historyOf(length: number): HistoryStore {
  const random = prng('large run');
  const clients = Array.from({ length: groups * clientsEach }, (_, i) => ({
    name: `group-${i % groups}/${Math.floor(i / groups)}`,
    group: `group-${i % groups}`,
    host: `host-${(i % (2 * shards)) + 1}`,
  }));
  const store = historyStore(clients);
  const add = store.intern('add');
  const keys = clients.map(({ group }) => store.intern(`bench:${group}`));
  const places = nodes().map((node) => store.intern(node));
  const kinds = errors.map((error) => store.intern(error));
  const members = new Map<number, number[]>(keys.map((key) => [key, []]));
  for (let i = 0; i < length; i++) {
    const client = i % clients.length;
    const at = (i / length) * runMs;
    const isCut = client % groups < 3 && at >= cutAt && at < healedAt;
    // A third of the groups goes on beside the primaries that were cut off; of the others some fail for a while.
    const failing = !isCut && at >= cutAt && at < promotedAt && random.next() < 0.3;
    const latencyMs = 0.2 * 10 ** (3 * random.next() ** 4) * (failing ? 100 : 1);
    const shard = client % shards;
    const node = places[isCut || at < promotedAt ? shard : shard + shards] ?? 0;
    const key = keys[client] ?? 0;
    const outcome = failing ? (random.next() < 0.5 ? 1 : 2) : 0;
    const error = failing ? (kinds[Math.floor(errors.length * random.next() ** 2)] ?? 0) : 0;
    store.addRow(client, add, key, i, at, at + latencyMs, outcome, failing ? 0 : node, error);
    if (!isCut && !failing) members.get(key)?.push(i);
  }
  for (const [index, key] of [...new Set(keys)].entries())
    store.finalReads.push({
      subject: 'set',
      key: `bench:group-${index}`,
      node: 'redis-16',
      at: runMs,
      values: members.get(key) ?? [],
    });
  return store;
}

function observations(): Observations {
  const all = nodes();
  const isReplaced = (i: number) => i % shards < 3;
  const cut = all.slice(0, 3).flatMap((node) => all.slice(3).map((_, i) => `host-${i + 4}→${node}`));
  return {
    durationMs: runMs,
    nodes: all,
    roles: all.flatMap((node, i) => {
      const [before, after] =
        i < shards ? (['primary', 'replica'] as const) : (['replica', 'primary'] as const);
      if (!isReplaced(i)) return [{ node, role: before, from: 500, to: runMs }];
      const at = i < shards ? healedAt + 500 : promotedAt;
      return [
        { node, role: before, from: 500, to: at },
        { node, role: after, from: at, to: runMs },
      ];
    }),
    events: all.flatMap((source, i): LabEvent[] => [
      {
        at: cutAt + 1000 + i * 7,
        source,
        kind: 'pfail',
        text: 'NODE redis-1 possibly failing',
        data: { node: 'redis-1' },
      },
      {
        at: cutAt + 2000 + i * 3,
        source,
        kind: 'fail',
        text: 'Marking redis-1 as failing',
        data: { node: 'redis-1' },
      },
      { at: healedAt + i * 90, source, kind: 'fail-cleared', text: 'Clear FAIL', data: { node: 'redis-1' } },
    ]),
    faults: [
      {
        id: 'isolate-1',
        name: 'isolate',
        text: 'isolate host-1, host-2, host-3 from everybody by Toxiproxy',
        targets: cut,
        injectedAt: cutAt,
        provedAt: cutAt + 90,
        healedAt,
        recoveredAt: healedAt + 60,
        proof: `${cut.length} links silent on open and new connections`,
      },
    ],
    samples: all.flatMap((node, i) =>
      Array.from({ length: runMs / 100 }, (_, n) => ({
        at: n * 100 + i,
        node,
        role: i < shards ? ('primary' as const) : ('replica' as const),
        offset: n * 5000,
        ackedOffset: i < shards ? n * 5000 - (n % 10) * 300 : null,
        replicas: i < shards ? 1 : 0,
        linkUp: i < shards ? null : true,
        primary: i < shards ? null : `redis-${i - shards + 1}`,
        info: { connected_clients: 40, used_memory: 2_000_000 + n, total_commands_processed: n * 1600 },
      })),
    ),
    loadWindow: { from: 1000, to: runMs - 1000 },
  };
}

/** The sample's shard that changes hands, five times, among shards that do not. */
function ownership(): NonNullable<RunDocument['ownership']> {
  const sample = sampleOwnership();
  const width = Math.floor(16_384 / shards);
  return {
    ...sample,
    groups: Array.from({ length: shards }, (_, i) => {
      const group = sample.groups[i < 5 ? 0 : 1] ?? { beliefs: [], doubles: [] };
      return { ...group, slots: `${i * width}-${(i + 1) * width - 1}`, count: width };
    }),
  };
}
