import { latencyHistogram } from '../history/latency-histogram.ts';
import type { UserErrorKind } from './user-errors.ts';

/** What is counted of a part of the users' operations. */
export interface UserPart {
  readonly count: number;
  readonly errors: number;
  readonly rejected: number;
  add(latencyMs: number, kind: UserErrorKind): void;
  /** Null when there is nothing to share. */
  errorShare(): number | null;
  latencyMs(share: number): number | null;
  slowestMs(): number | null;
}

export function part(): UserPart {
  const latencies = latencyHistogram();
  const counts = { ok: 0, rejected: 0, error: 0 };
  const total = () => counts.ok + counts.rejected + counts.error;
  return {
    get count() {
      return total();
    },
    get errors() {
      return counts.error;
    },
    get rejected() {
      return counts.rejected;
    },
    add(latencyMs, kind) {
      counts[kind]++;
      latencies.add(latencyMs);
    },
    errorShare: () => (total() === 0 ? null : Math.round((counts.error / total()) * 1e6) / 1e6),
    latencyMs: (share) => latencies.quantile(share),
    slowestMs: () => latencies.max(),
  };
}
