import type { History, Operation } from '../history/operation.ts';
import type { Checker, Verdict } from './checker.ts';
import { collectFindings } from './findings.ts';
import { lossTally } from './loss-tally.ts';
import { onlyKeys } from './only-keys.ts';
import { readOptions } from './options.ts';
import { type SetCounts, setLedger } from './set-ledger.ts';

/**
 * Unique ids added to sets (`add` operations): what was acknowledged has to be there at the end.
 *
 * Options: `name`; `group`: only the adds of this group of clients and the sets it added to, which must be its
 * own; `keys`: only these sets. Figures: those of SetCounts, `lostByCause`, `lossWindowMs` (from the first to
 * the last lost write, by the time it was acknowledged) and `lossWindowMsByCause`, `firstLostAtMs`,
 * `lastLostAtMs`, and `lostAfterIsolationMs`: how long after the latest fault on the acknowledging node began
 * the last lost write was acknowledged, the figure that min-replicas-max-lag bounds (0 without such a loss).
 */
export function set(options: Readonly<Record<string, unknown>> = {}): Checker {
  const { name = 'set', group, keys } = readOptions('set', options, { group: 'text', keys: 'texts' });
  return {
    name,
    verifies:
      'Every add that was acknowledged (ok) is in the final read of its set: nothing is lost. Every id in the final read was attempted by a client: nothing is unexpected. Each lost id is attributed to a cause by joining it with promotions, restarts and counters.',
    doesNotVerify:
      'Order, duplicate executions (adding twice changes nothing), and what was readable in between. Adds of unknown outcome (info) may be there or not; an add reported as failed that is there is counted (appliedFailures) but does not decide. Ids that a crashed client may have issued and not recorded are not held against Redis. An attribution is inferred from times and from what else survived, not observed for the single write.',
    check: ({ history: whole, seen }) => {
      const history = onlyKeys(whole, keys);
      const findings = collectFindings();
      const adds = addsOf(history, group);
      const reads = history.finalReads.filter(({ subject }) => subject === 'set');
      const ledger = setLedger(history.clients, reads, group !== undefined);
      adds((add) => ledger.add(add));
      const counts = ledger.count((kind, key, id, at) =>
        findings.offer(at, kind, () => ({ at, kind, text: oddText[kind](id, key), key, value: id })),
      );
      const tally = lossTally(seen, findings);
      if (counts.lost > 0) {
        const fate = (add: Add) => (add.outcome === 'ok' ? ledger.fate(add.key, add.value) : 'unread');
        adds((add) => fate(add) === 'survived' && tally.survived(add));
        adds((add) => fate(add) === 'lost' && ledger.tell(add.key, add.value) && tally.lost(add));
      }
      const figures = { ...counts, ...tally.figures() };
      const lost = tally.table();
      return {
        ...conclude(counts, figures.lostByCause, ledger.unreadKeys()),
        figures,
        ...findings.evidence(),
        ...(lost === undefined ? {} : { lost }),
      };
    },
  };
}

type Add = Operation & { value: number };

const oddText = {
  unexpected: (id: number, key: string) =>
    `${id} is in the final read of ${key}, and no client tried to add it`,
  'applied-failure': (id: number, key: string) =>
    `${id} is in the final read of ${key}, though its client was told that it was refused`,
};

/** Calls back for each add that is judged. */
function addsOf(history: History, group: string | undefined) {
  const members = history.clients.filter((one) => group === undefined || one.group === group);
  const clients = new Set(members.map((one) => one.name));
  const isAdd = (one: Operation): one is Add => one.f === 'add' && one.value !== null;
  return (each: (add: Add) => void) => {
    for (const one of history.operations) if (isAdd(one) && clients.has(one.client)) each(one);
  };
}

function conclude(
  counts: SetCounts,
  lostByCause: Readonly<Record<string, number>>,
  unreadKeys: readonly string[],
): { verdict: Verdict; summary: string } {
  const { acknowledged, lost, unexpected } = counts;
  if (lost + unexpected > 0) {
    const causes = Object.entries(lostByCause).filter(([, count]) => count > 0);
    const why = causes.map(([cause, count]) => `${count} ${cause}`).join(', ');
    const share = ((lost / Math.max(1, acknowledged)) * 100).toFixed(1);
    const summary = `${lost} of ${acknowledged} acknowledged adds are lost (${share} %${why && `: ${why}`}); ${unexpected} ids are there that nobody added`;
    return { verdict: 'invalid', summary };
  }
  if (unreadKeys.length > 0)
    return {
      verdict: 'unknown',
      summary: `${unreadKeys.length} sets with acknowledged adds have no final read (${unreadKeys.slice(0, 3).join(', ')})`,
    };
  if (acknowledged === 0)
    return { verdict: 'unknown', summary: `none of ${counts.attempted} attempted adds was acknowledged` };
  return {
    verdict: 'valid',
    summary: `all ${acknowledged} acknowledged adds are in the final read, and nothing that nobody added`,
  };
}
