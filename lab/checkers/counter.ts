import type { History } from '../history/operation.ts';
import type { Checker, Figures, Verdict } from './checker.ts';
import { collectFindings, type Findings } from './findings.ts';
import { type IdFlags, idFlags } from './id-flags.ts';
import { onlyKeys } from './only-keys.ts';
import { readOptions } from './options.ts';

/**
 * Counters that only ever go up by one from 0 (`increment` operations, whose value is the answer, if any).
 *
 * Options: `name`; `group`: only this group of clients, whose counters must be its own; `keys`: only these. Figures, over all
 * counters: `ok`, `info`, `fail`, `final`, `lostIncrements` and `duplicateExecutions` (both at least so many:
 * what answers and sums prove), `repeatedAnswers`, `indeterminate` (executions beyond the attempted ones that a
 * crashed client may have caused without recording them).
 */
export function counter(options: Readonly<Record<string, unknown>> = {}): Checker {
  const { name = 'counter', group, keys } = readOptions('counter', options, { group: 'text', keys: 'texts' });
  return {
    name,
    verifies:
      'Per counter: acknowledged increments (ok) ≤ final value ≤ acknowledged ones + those of unknown outcome (info). Increments reported as failed must not count. Below is a lost increment, above a duplicate execution (a retry that ran twice) or a failure that was applied after all. Answers sharpen both: a value can be reached only once, so an answer given twice means that the counter was rolled back in between, even where losses and duplicates cancel in the sum.',
    doesNotVerify:
      'Which increment was lost or ran twice (unless an answer tells), the order of answers, increments by other amounts, counters that do not begin at 0, that expire or are reset. Where increments have no answers, a loss and a duplicate can cancel unnoticed.',
    check: ({ history: whole }) => {
      const history = onlyKeys(whole, keys);
      const findings = collectFindings();
      const counters = readCounters(history, group, findings);
      return conclude([...counters.values()], history, group, findings);
    },
  };
}

interface Counted {
  key: string;
  ok: number;
  info: number;
  fail: number;
  /** Acknowledged with an answer. */
  answered: number;
  /** Which answers were given; each is a value that the counter once had. */
  answers: IdFlags;
  repeatedAnswers: number;
  final: number | null;
  readAt: number;
}

function readCounters(history: History, group: string | undefined, findings: Findings): Map<string, Counted> {
  const members = history.clients.filter((one) => group === undefined || one.group === group);
  const clients = new Set(members.map((one) => one.name));
  const counters = new Map<string, Counted>();
  for (const { f, key, client, node, outcome, value, completed: at } of history.operations) {
    if (f !== 'increment' || !clients.has(client)) continue;
    let one = counters.get(key);
    if (one === undefined) {
      const none = { ok: 0, info: 0, fail: 0, answered: 0, repeatedAnswers: 0, final: null, readAt: 0 };
      one = { key, answers: idFlags(), ...none };
      counters.set(key, one);
    }
    one[outcome]++;
    if (outcome !== 'ok' || value === null) continue;
    one.answered++;
    if (one.answers.add(value, 1) === 0) continue;
    one.repeatedAnswers++;
    findings.offer(at, 'repeated-answer', () => {
      const text = `${client} was told ${value} by ${node ?? 'an unknown node'}, as somebody was before: ${key} was rolled back`;
      return { at, kind: 'repeated-answer', text, client, node, key, value };
    });
  }
  for (const { subject, key, at, values } of history.finalReads.toSorted((a, b) => a.at - b.at)) {
    const one = counters.get(key);
    if (subject === 'counter' && one !== undefined) [one.final, one.readAt] = [values[0] ?? 0, at];
  }
  return counters;
}

/** What the final value, the sums and the answers prove about one counter. */
function bounds({ ok, info, answered, answers, final }: Counted & { final: number }) {
  let distinct = 0;
  answers.forEach((answer) => {
    if (answer >= 1 && answer <= final) distinct++;
  });
  // Each value up to the final one was reached by one execution that is still there. `distinct` of them were
  // answered, and every other answered increment is gone. What nobody was told can have been an increment of
  // unknown outcome, or an acknowledged one without an answer; the rest ran without anybody asking for it.
  return {
    lost: Math.max(0, ok - final, answered - distinct),
    beyond: Math.max(0, final - distinct - (ok - answered) - info),
  };
}

function conclude(
  counters: readonly Counted[],
  history: History,
  group: string | undefined,
  findings: Findings,
) {
  const crashed = history.clients.some(
    (one) => one.crashedAt !== undefined && (group === undefined || one.group === group),
  );
  const sum = (figure: (one: Counted) => number) => counters.reduce((total, one) => total + figure(one), 0);
  let lostIncrements = 0;
  let beyond = 0;
  for (const one of counters) {
    const { key, final, readAt: at } = one;
    if (final === null) continue;
    const found = bounds({ ...one, final });
    lostIncrements += found.lost;
    beyond += found.beyond;
    const tell = (kind: string, text: string) =>
      findings.offer(at, kind, () => ({ at, kind, text, key, value: final }));
    if (found.lost > 0) tell('lost', `${key}: ${found.lost} of ${one.ok} acknowledged increments are gone`);
    if (found.beyond > 0 && !crashed)
      tell('duplicate', `${key}: ${found.beyond} executions more than increments that can have run`);
  }
  const duplicateExecutions = crashed ? 0 : beyond;
  const [ok, repeatedAnswers] = [sum((one) => one.ok), sum((one) => one.repeatedAnswers)];
  const figures: Figures = {
    ok,
    info: sum((one) => one.info),
    fail: sum((one) => one.fail),
    final: counters.every((one) => one.final === null) ? null : sum((one) => one.final ?? 0),
    lostIncrements,
    duplicateExecutions,
    repeatedAnswers,
    indeterminate: beyond - duplicateExecutions,
  };
  const result = (verdict: Verdict, summary: string) => ({
    verdict,
    summary,
    figures,
    ...findings.evidence(),
  });
  const unread = counters.filter((one) => one.final === null && one.ok > 0);
  if (lostIncrements + duplicateExecutions + repeatedAnswers > 0)
    return result(
      'invalid',
      `of ${ok} acknowledged increments at least ${lostIncrements} are lost, at least ${duplicateExecutions} ran in excess, ${repeatedAnswers} answers were given twice`,
    );
  if (unread.length > 0)
    return result('unknown', `${unread.length} counters have no final read (${unread[0]?.key}, …)`);
  if (ok === 0) return result('unknown', 'no increment was acknowledged');
  if (crashed && beyond > 0)
    return result('unknown', `${beyond} executions in excess may be those of a client that died`);
  return result('valid', `all ${ok} acknowledged increments count, and none ran in excess`);
}
