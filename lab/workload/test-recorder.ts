/** For tests: a client of one connection, and what is recorded of each of its operations. */
import { until } from '../common/until.ts';
import type { Outcome } from '../history/operation.ts';
import { Client } from './client.ts';
import { Operations } from './operations.ts';
import type { Connection } from './sent.ts';
import type { WaitOptions } from './workload.ts';

export interface Recorded {
  outcome: Outcome;
  node: string | null;
  error: string | null;
  redirects: number | undefined;
  redirectedBy: string | null | undefined;
}

/** `once` does one operation on a key, and gives what was recorded of it. */
export function recorder(primary: Connection, wait: WaitOptions | null = null) {
  const once = async (
    key: string,
    f: 'add' | 'write' | 'increment' | 'read' = 'write',
  ): Promise<Recorded> => {
    let row: Recorded | undefined;
    const log: ConstructorParameters<typeof Operations>[0] = {
      add: (...[, , , , , , outcome, node, error, redirects, redirectedBy]) => {
        row = { outcome, node, error, redirects, redirectedBy };
      },
    };
    const plan = () => ({ f, key, value: f === 'add' || f === 'write' ? 1 : null });
    const operations = new Operations(log, 0);
    new Client({ index: 0, plan, primary, reads: primary, wait, operations }).issue(0, () => {});
    return until(() => row, { what: 'the outcome', withinMs: 20_000 });
  };
  return { once };
}
