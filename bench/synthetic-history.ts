import { type HistoryStore, historyStore } from '../lab/history/history-store.ts';
import type { Observations } from '../lab/history/observations.ts';

/** What a synthetic history is about. */
export type Subject = 'set' | 'register' | 'counter';

const clientCount = 20;
const runMs = 600_000;
const promotedAt = 300_000;

/** What was seen beside it: one failover in the middle. */
export const syntheticObservations: Observations = {
  durationMs: runMs,
  nodes: ['redis-1', 'redis-2'],
  roles: [
    { node: 'redis-1', role: 'primary', from: 0, to: runMs },
    { node: 'redis-2', role: 'replica', from: 0, to: promotedAt },
    { node: 'redis-2', role: 'primary', from: promotedAt, to: runMs },
  ],
  events: [{ at: promotedAt, source: 'redis-2', kind: 'promotion', text: 'MASTER MODE enabled' }],
  faults: [],
  samples: [],
  loadWindow: { from: 0, to: runMs },
};

/**
 * A history of `length` operations by 20 clients in ten minutes, with the work a checker likes least: what
 * redis-1 acknowledged for two seconds of lab time around a failover is lost, some operations end `info`, and a
 * register's reads are spread over all keys, one of 97 stale.
 */
export function syntheticHistory(subject: Subject, length: number): HistoryStore {
  const store = historyStore(
    Array.from({ length: clientCount }, (_, i) => ({ name: `writer-${i}`, group: 'writers', host: 'app-1' })),
  );
  const keys = Array.from({ length: clientCount }, (_, k) => store.intern(`bench:${k}`));
  const nodes = ['redis-1', 'redis-2'].map((node) => store.intern(node));
  const names = { add: store.intern('add'), write: store.intern('write'), read: store.intern('read') };
  const increment = store.intern('increment');
  const timeout = store.intern('timeout');
  const turns = new Array<number>(clientCount).fill(0);
  const counters = new Array<number>(clientCount).fill(0);
  const members: number[][] = keys.map(() => []);

  for (let i = 0; i < length; i++) {
    const client = i % clientCount;
    const turn = turns[client] as number;
    turns[client] = turn + 1;
    const at = (i / length) * runMs;
    const lost = at >= promotedAt - 1000 && at < promotedAt + 1000;
    const node = nodes[lost || at < promotedAt ? 0 : 1] as number;
    const unsure = i % 1000 === 999;
    const add = (f: number, k: number, value: number | null) =>
      store.addRow(
        client,
        f,
        keys[k] as number,
        value,
        at,
        at + 0.4,
        unsure ? 2 : 0,
        unsure ? 0 : node,
        unsure ? timeout : 0,
      );
    if (subject === 'set') {
      const id = client * 2 ** 32 + turn;
      add(names.add, 0, id);
      if (!lost) members[0]?.push(id);
    } else if (subject === 'register') {
      if (turn % 2 === 0) add(names.write, client, turn / 2 + 1);
      else
        add(
          names.read,
          (client * 7 + turn) % clientCount,
          unsure ? null : (turn + 1) / 2 - (i % 97 === 0 ? 1 : 0),
        );
    } else {
      const k = turn % clientCount;
      counters[k] = (counters[k] as number) + 1;
      add(increment, k, unsure ? null : (counters[k] as number));
    }
  }
  const read = { node: 'redis-2', at: runMs };
  if (subject === 'set')
    store.finalReads.push({ subject, key: 'bench:0', ...read, values: members[0] ?? [] });
  else
    for (let k = 0; k < clientCount; k++) {
      const value = subject === 'counter' ? (counters[k] as number) : Math.ceil((turns[k] as number) / 2);
      store.finalReads.push({ subject, key: `bench:${k}`, ...read, values: [value] });
    }
  return store;
}
