import type { Checker, CheckResult, Figures } from './checker.ts';
import { collectFindings, type Findings } from './findings.ts';
import { type JobLossCause, jobLossCauses, jobsAttribution } from './jobs-attribution.ts';
import { jobsDelay } from './jobs-delay.ts';
import { jobsLedger, type Order } from './jobs-ledger.ts';
import { readOptions, someOf } from './options.ts';

/**
 * Orders (`order` operations) against the ledger of what was processed (`process` operations and the final read of
 * orders): acknowledged orders are processed, each once, in time.
 *
 * Options: `name`; `group`: only the orders of this group of clients; `nodes`: those of the queue's Redis, where
 * there are several groups of nodes; `maxLost` (default 0); `mayLose`: causes that do not count for it
 * (`unreplicated`, …, see jobLossCauses); `maxDuplicates` (default 0; leave it large where duplicates are what is
 * to be shown by figures alone); `maxDelayMs`: from acknowledged to processed, default any.
 *
 * Figures: `ordered`, `acknowledged`, `processed` (of the acknowledged), `lost`, `lostByCause`, `duplicates`
 * (executions in excess of one per order) and `duplicatedOrders`, `unknownProcessed` and `unknownUnprocessed`
 * (never acknowledged, `info`), `appliedFailures` (refused, and processed all the same), `unexpected` (processed,
 * and nobody ordered it), `indeterminate` (the same, where a client died that may have), `delayP50Ms`,
 * `delayP99Ms`, `delayMaxMs`, and the same three as `delayInFaults…` and `delayOutsideFaults…`.
 */
export function jobs(options: Readonly<Record<string, unknown>> = {}): Checker {
  const schema = {
    group: 'text',
    nodes: 'texts',
    maxLost: 'number',
    mayLose: 'texts',
    maxDuplicates: 'number',
    maxDelayMs: 'number',
  } as const;
  const read = readOptions('jobs', options, schema);
  const { name = 'jobs', group, nodes, maxLost = 0, maxDuplicates = 0, maxDelayMs } = read;
  const mayLose = new Set(someOf('jobs', 'mayLose', read.mayLose ?? [], jobLossCauses));
  const limit = maxDelayMs === undefined ? '' : `, within ${maxDelayMs} ms`;
  return {
    name,
    verifies: `Every order that was acknowledged is in the ledger (lost: at most ${maxLost}${mayLose.size === 0 ? '' : `, not counting those ${[...mayLose].join(', ')}`}), once (in excess: at most ${maxDuplicates})${limit}, and nothing is there that nobody ordered. Each lost order is attributed to a cause by joining it with promotions, restarts, evictions and the queue's last depth.`,
    doesNotVerify:
      'Order of processing, and what an order did besides its entry in the ledger. Orders of unknown outcome (info) may be processed or not; a refused one that was processed is counted (appliedFailures) and does not decide. An attribution is inferred from times and from what else survived, not observed for the single order.',
    check: ({ history, seen }) => {
      const { orders, unordered, wasRead } = jobsLedger(history, group);
      const findings = collectFindings();
      const { figures, lost, delay } = count(orders, findings, seen);
      const causes = wasRead ? jobsAttribution(seen, nodes, orders)(lost) : [];
      const lostByCause = tell(lost, causes, findings);
      const crashed = history.clients.some(
        (one) => one.crashedAt !== undefined && (group === undefined || one.group === group),
      );
      if (!crashed)
        for (const { id, at } of unordered)
          findings.offer(Number.isNaN(at) ? 0 : at, 'unexpected', () => odd(id, at));
      const unexpected = crashed ? 0 : unordered.length;
      const all: Figures = {
        ...figures,
        lost: causes.length,
        lostByCause,
        unexpected,
        indeterminate: unordered.length - unexpected,
        ...delay.figures(),
      };
      const held = causes.filter((cause) => !mayLose.has(cause)).length;
      const result = { figures: all, ...findings.evidence() };
      if (figures.acknowledged === 0)
        return {
          ...result,
          verdict: 'unknown',
          summary: `none of ${figures.ordered} orders was acknowledged`,
        };
      if (!wasRead) return { ...result, verdict: 'unknown', summary: 'the ledger of orders was not read' };
      const isLate = maxDelayMs !== undefined && delay.maxMs() > maxDelayMs;
      const isBroken = held > maxLost || figures.duplicates > maxDuplicates || unexpected > 0 || isLate;
      return { ...result, verdict: isBroken ? 'invalid' : 'valid', summary: sentence(all, delay.maxMs()) };
    },
  };
}

function count(orders: readonly Order[], findings: Findings, seen: Parameters<Checker['check']>[0]['seen']) {
  const figures = {
    ordered: orders.length,
    acknowledged: 0,
    processed: 0,
    duplicates: 0,
    duplicatedOrders: 0,
    unknownProcessed: 0,
    unknownUnprocessed: 0,
    appliedFailures: 0,
  };
  const lost: Order[] = [];
  const delay = jobsDelay(seen);
  for (const order of orders) {
    const { acknowledged, processedAt, times, maybe } = order;
    if (times > 1) {
      figures.duplicates += times - 1;
      figures.duplicatedOrders++;
      findings.offer(timeOf(order), 'duplicate', () => twice(order));
    }
    if (acknowledged < Number.POSITIVE_INFINITY) {
      figures.acknowledged++;
      if (processedAt === null) lost.push(order);
      else figures.processed++;
      if (processedAt !== null && !Number.isNaN(processedAt)) delay.add(acknowledged, processedAt);
    } else if (maybe) figures[processedAt === null ? 'unknownUnprocessed' : 'unknownProcessed']++;
    else if (processedAt !== null) figures.appliedFailures++;
  }
  return { figures, lost, delay };
}

const reasons: Readonly<Record<JobLossCause, string>> = {
  waiting: 'and it may still wait in the queue, which was not drained',
  failed: 'and it may be one of those whose last attempt failed',
  'minority-primary': 'when another node had been promoted and an old primary still took writes',
  unreplicated: 'and the next thing that happened to the queue was that another node was promoted',
  flushed: 'and the next thing that happened to the queue was that it was emptied (FLUSHALL)',
  wiped: 'and the next thing that happened to the queue was that its primary started again with less data',
  evicted: 'and keys were evicted later',
  unexplained: 'and nothing that was seen explains why it was not processed',
};

function tell(lost: readonly Order[], causes: readonly JobLossCause[], findings: Findings) {
  const lostByCause = Object.fromEntries(jobLossCauses.map((cause) => [cause, 0]));
  for (const [i, cause] of causes.entries()) {
    const { id, client, node, acknowledged: at } = lost[i] as Order;
    lostByCause[cause] = (lostByCause[cause] ?? 0) + 1;
    findings.offer(at, cause, () => {
      const text = `order ${id}: ${node ?? 'an unknown instance'} acknowledged it ${reasons[cause]}`;
      return { at, kind: 'lost', cause, text, client, node, key: 'orders', value: id };
    });
  }
  return lostByCause;
}

function twice(order: Order) {
  const { id, times, client, node } = order;
  const text = `order ${id} was processed ${times} times`;
  return { at: timeOf(order), kind: 'duplicate', text, client, node, key: 'orders', value: id };
}

function odd(id: number, at: number) {
  const text = `order ${id} was processed, and nobody ordered it`;
  return { at: Number.isNaN(at) ? 0 : at, kind: 'unexpected', text, key: 'orders', value: id };
}

function timeOf({ processedAt, invoked }: Order): number {
  return processedAt === null || Number.isNaN(processedAt) ? invoked : processedAt;
}

function sentence(figures: Figures, maxDelayMs: number): CheckResult['summary'] {
  const byCause = figures.lostByCause as Readonly<Record<string, number>>;
  const causes = Object.entries(byCause).filter(([, count]) => count > 0);
  const why = causes.map(([cause, count]) => `${count} ${cause}`).join(', ');
  return `${figures.lost} of ${figures.acknowledged} acknowledged orders were not processed${why && ` (${why})`}, ${figures.duplicates} were processed in excess, ${figures.unexpected} without having been ordered; the longest waited ${Math.round(maxDelayMs)} ms`;
}
