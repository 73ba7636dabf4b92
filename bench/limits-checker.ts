import { algorithmOf, type Policy } from '../lab/app/limits/algorithms.ts';
import { limits } from '../lab/checkers/limits.ts';
import { type HistoryStore, historyStore } from '../lab/history/history-store.ts';
import type { Figure } from './figure.ts';
import { syntheticObservations } from './synthetic-history.ts';

const million = 1_000_000;
const clientCount = 20;
const keyCount = 1000;
const startedAtUnixMs = 1_800_000_000_123;

const policies: readonly Policy[] = [
  { algorithm: 'fixed-window', limit: 5, windowMs: 5000 },
  { algorithm: 'sliding-log', limit: 5, windowMs: 5000 },
  { algorithm: 'sliding-counter', limit: 5, windowMs: 5000 },
  { algorithm: 'token-bucket', capacity: 5, perSecond: 1 },
  { algorithm: 'leaky-bucket', capacity: 5, perSecond: 1 },
];

/**
 * How long the checker of limits takes on 1,000,000 decisions about 1,000 keys in ten minutes, over half of them
 * admitted; one key in a hundred forgets its count at the failover in the middle, one answer of a thousand is unknown.
 */
export function limitsChecker(runs = 5): Figure[] {
  return policies.map((policy) => {
    const history = syntheticLimits(policy, million);
    const samples = Array.from({ length: runs }, () => {
      const from = performance.now();
      const seen = { ...syntheticObservations, startedAtUnixMs };
      const { verdict, summary } = limits({ policy: 'p', ...policy }).check({ history, seen });
      if (verdict !== 'invalid') throw new Error(`the checker missed what was planted: ${summary}`);
      return (performance.now() - from) / 1000;
    });
    return {
      name: `limits checker, ${policy.algorithm}, 1,000,000 operations`,
      unit: 's',
      samples,
      bar: { max: 1.5 },
    };
  });
}

function syntheticLimits(policy: Policy, length: number): HistoryStore {
  const clients = Array.from({ length: clientCount }, (_, i) => ({
    name: `user-${i}`,
    group: 'users',
    host: 'app-1',
  }));
  const store = historyStore(clients);
  const keys = Array.from({ length: keyCount }, (_, k) => store.intern(`p/key-${k}`));
  const counts = keys.map(() => algorithmOf(policy).count(1));
  const [f, node] = [store.intern('admit'), store.intern('app-1')];
  const [refused, timeout] = [store.intern('http 429'), store.intern('timeout')];
  const { durationMs } = syntheticObservations;
  for (let i = 0; i < length; i++) {
    const k = (i * 7) % keyCount;
    if (k % 100 === 0 && Math.abs(i - length / 2) < keyCount / 2) counts[k] = algorithmOf(policy).count(1);
    const at = (i / length) * durationMs;
    const atUs = Math.round(at * 1000) + 200;
    const isAdmitted = counts[k]?.decide(startedAtUnixMs * 1000 + atUs).admitted === true;
    const isUnsure = i % 1000 === 999;
    const outcome = isUnsure ? 2 : isAdmitted ? 0 : 1;
    const error = isUnsure ? timeout : isAdmitted ? 0 : refused;
    const value = isUnsure ? null : atUs;
    store.addRow(
      i % clientCount,
      f,
      keys[k] as number,
      value,
      at,
      at + 0.4,
      outcome,
      isUnsure ? 0 : node,
      error,
    );
  }
  return store;
}
