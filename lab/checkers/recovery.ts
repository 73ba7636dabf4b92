import type { FaultWindow, Observations } from '../history/observations.ts';
import type { Checker, CheckResult, Figures, Finding, Verdict } from './checker.ts';
import { type ClientRecoveries, clientRecoveries } from './client-recovery.ts';
import { clusterClientRecoveries } from './cluster-client-recovery.ts';
import { clusterStepNames, clusterSteps } from './cluster-steps.ts';
import { readOptions } from './options.ts';
import { primaryAt, promotionsOf } from './promotions.ts';
import { attemptsUntil, type Steps } from './recovery-steps.ts';

/**
 * What the time from a fault to the last recovered client was spent on.
 *
 * Options: `name`; `fault`: the fault's id, or its name for the first of that name (default: the first fault);
 * `mustRecoverWithinMs`: every client has recovered so long after the injection; `mustNotFailOver`: nobody is
 * promoted after it; `group`: only these clients; `gapMs` (default 250), see `clientRecoveries`.
 *
 * Figures, in ms from the fault's injection, null for a step that never came: `sdownMs` (a Sentinel holds the
 * affected primary for down), `odownMs` (a quorum does), `tryFailoverMs`, `voteMs` (a vote was cast),
 * `electedMs` (a leader), `promotionMs` (see `promotionsOf`), `switchMs` (the new primary was announced),
 * `firstClientMs`, `lastClientMs`. Then counts after the injection: `failovers` (promotions),
 * `failoverAttempts` and `failoversAborted` (until the next fault after the heal), `clients` (that were judged),
 * `interrupted` of them, and of those `neverRecovered`.
 *
 * In a run with a cluster the steps are `pfailMs` (a node suspects the one that failed), `failMs` (it is declared
 * failing), `electionMs` (a replica asks for votes), `promotionMs`, `coverageMs` (every slot is served again, see
 * `slotTimelineOf`); attempts are elections, aborted are those that expired; and a client has recovered when it
 * could write again to every shard that was hit.
 */
export function recovery(options: Readonly<Record<string, unknown>> = {}): Checker {
  const schema = {
    fault: 'text',
    mustRecoverWithinMs: 'number',
    mustNotFailOver: 'flag',
    group: 'text',
    gapMs: 'number',
  } as const;
  const read = readOptions('recovery', options, schema);
  const { name = 'recovery', mustRecoverWithinMs, mustNotFailOver = false, group, gapMs = 250 } = read;
  const asserted = [
    ...(mustRecoverWithinMs === undefined
      ? []
      : [`every client recovers within ${mustRecoverWithinMs} ms of the fault`]),
    ...(mustNotFailOver ? ['no node is promoted after the fault'] : []),
  ];
  return {
    name,
    verifies: `The steps from a fault to the last recovered client, each by its own evidence: events of Sentinels or of a cluster's nodes with their own times, the promoted node's log, the clients' history. Asserted: ${asserted.join(', ') || 'nothing, it measures'}.`,
    doesNotVerify: `Anything about data. Only writers count as clients. Which node an instance of the application asked. Interruptions below ${gapMs} ms where nobody was promoted. A step that happened without being logged is missing (null), not zero.`,
    check: ({ history, seen }) => {
      const fault = findFault(seen.faults, read.fault);
      if (fault === undefined)
        return unknown(read.fault === undefined ? 'there was no fault' : `there was no fault ${read.fault}`);
      const steps = clusterSteps(fault, seen) ?? stepsAfter(fault, seen);
      const promotion = steps.times.promotion ?? null;
      const question = {
        injectedAt: fault.injectedAt,
        promotions: promotion === null ? [] : promotionsOf(seen).filter(({ at }) => at >= promotion),
        loadEndsAt: seen.loadWindow.to,
        group,
        nodes: seen.nodes,
        gapMs,
      };
      const clients =
        clusterClientRecoveries(history, seen, fault, question) ?? clientRecoveries(history, question);
      const figures = figuresOf(fault, steps, clients);
      const conclusion =
        fault.provedAt === null
          ? { verdict: 'unknown' as const, why: `fault ${fault.id} was not proved` }
          : verdictOf(
              fault,
              steps.failovers,
              clients,
              seen.loadWindow.to,
              mustRecoverWithinMs,
              mustNotFailOver,
            );
      return {
        verdict: conclusion.verdict,
        summary: [describe(fault, figures), conclusion.why].filter(Boolean).join('; '),
        figures,
        findings: findingsOf(fault, steps, clients),
      };
    },
  };
}

const stepNames: Readonly<Record<string, string>> = {
  ...clusterStepNames,
  sdown: 'a Sentinel holds the primary for down',
  odown: 'a quorum of Sentinels agrees',
  tryFailover: 'a Sentinel begins a failover',
  vote: 'a Sentinel votes for a leader',
  elected: 'a leader is elected',
  promotion: 'a replica becomes primary',
  switch: 'the new primary is announced',
};

function findFault(faults: readonly FaultWindow[], wanted: string | undefined): FaultWindow | undefined {
  const inOrder = faults.toSorted((a, b) => a.injectedAt - b.injectedAt);
  if (wanted === undefined) return inOrder[0];
  return inOrder.find(({ id }) => id === wanted) ?? inOrder.find(({ name }) => name === wanted);
}

function stepsAfter(fault: FaultWindow, seen: Observations): Steps {
  const { injectedAt } = fault;
  const until = attemptsUntil(fault, seen.faults);
  const promotions = promotionsOf(seen);
  const primary = primaryAt(seen, promotions, injectedAt);
  const events = seen.events.filter(({ at }) => at >= injectedAt).toSorted((a, b) => a.at - b.at);
  const ofPrimary = (node: unknown) => node === undefined || primary === undefined || node === primary;
  const first = (kind: string, instance?: string) =>
    events.find(
      (event) =>
        event.kind === kind &&
        (instance === undefined || (event.data?.instance === instance && ofPrimary(event.data.node))),
    )?.at ?? null;
  const count = (kind: RegExp) => events.filter((event) => event.at < until && kind.test(event.kind)).length;
  const later = promotions.filter(({ at }) => at >= injectedAt);
  return {
    times: {
      sdown: first('+sdown', 'master'),
      odown: first('+odown', 'master') ?? first('+odown'),
      tryFailover: first('+try-failover'),
      vote: first('+vote-for-leader'),
      elected: first('+elected-leader'),
      promotion: later[0]?.at ?? first('+promoted-slave'),
      switch: first('+switch-master'),
    },
    failovers: later.length,
    attempts: count(/^\+try-failover$/),
    aborted: count(/^-failover-abort/),
  };
}

function figuresOf({ injectedAt }: FaultWindow, steps: Steps, clients: ClientRecoveries): Figures {
  const after = (at: number | null) => (at === null ? null : Math.round((at - injectedAt) * 1000) / 1000);
  return {
    ...Object.fromEntries(Object.entries(steps.times).map(([step, at]) => [`${step}Ms`, after(at)])),
    firstClientMs: after(clients.firstAt),
    lastClientMs: after(clients.lastAt),
    failovers: steps.failovers,
    failoverAttempts: steps.attempts,
    failoversAborted: steps.aborted,
    clients: clients.judged,
    interrupted: clients.interrupted,
    neverRecovered: clients.never.length,
  };
}

function verdictOf(
  { injectedAt }: FaultWindow,
  failovers: number,
  clients: ClientRecoveries,
  loadEndsAt: number,
  withinMs: number | undefined,
  mustNotFailOver: boolean,
): { verdict: Verdict; why: string } {
  if (mustNotFailOver && failovers > 0)
    return { verdict: 'invalid', why: `${failovers} failovers, expected none` };
  if (withinMs === undefined) return { verdict: 'valid', why: '' };
  if (clients.judged === 0) return { verdict: 'unknown', why: 'no client tried to write after the fault' };
  const lateMs = clients.lastAt === null ? 0 : clients.lastAt - injectedAt;
  if (lateMs > withinMs) return { verdict: 'invalid', why: `expected at most ${withinMs} ms` };
  if (clients.never.length === 0) return { verdict: 'valid', why: '' };
  if (loadEndsAt >= injectedAt + withinMs)
    return { verdict: 'invalid', why: `expected every client back within ${withinMs} ms` };
  return { verdict: 'unknown', why: `the load ended before the ${withinMs} ms were over` };
}

function describe(fault: FaultWindow, figures: Figures): string {
  const ms = (name: string) => {
    const after = figures[name];
    return typeof after === 'number' ? `after ${Math.round(after)} ms` : null;
  };
  const [down, promotion] = [ms('failMs' in figures ? 'failMs' : 'sdownMs'), ms('promotionMs')];
  const steps = `after ${fault.id}: ${down === null ? 'never seen as down' : `seen as down ${down}`}, ${promotion === null ? 'no promotion' : `promotion ${promotion}`}`;
  if (figures.interrupted === 0) return `${steps}, no client was interrupted`;
  if (figures.neverRecovered !== 0)
    return `${steps}, ${figures.neverRecovered} of ${figures.clients} clients never recovered`;
  return `${steps}, last client recovered ${ms('lastClientMs') ?? 'never'}`;
}

function findingsOf({ injectedAt }: FaultWindow, steps: Steps, clients: ClientRecoveries): Finding[] {
  const found: Finding[] = [];
  for (const [step, text] of Object.entries(stepNames)) {
    const at = steps.times[step] ?? null;
    if (at !== null) found.push({ at, kind: 'step', cause: step, text });
  }
  for (const client of clients.never)
    found.push({
      at: injectedAt,
      kind: 'never-recovered',
      client,
      text: `${client} never recovered from the fault`,
    });
  return found.sort((a, b) => a.at - b.at);
}

function unknown(summary: string): CheckResult {
  return { verdict: 'unknown', summary, figures: {}, findings: [] };
}
