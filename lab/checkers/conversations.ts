import type { History } from '../history/operation.ts';
import type { Checker, CheckResult } from './checker.ts';
import { type Conversation, type ConversationsLedger, conversationsLedger } from './conversations-ledger.ts';
import { collectFindings, type Findings } from './findings.ts';
import { onlyKeys } from './only-keys.ts';
import { readOptions } from './options.ts';

/**
 * Conversations (`say` and `recall` operations, final reads of conversations): what was acknowledged can be read,
 * but for the stated bound, in order, once, and without anything of another conversation.
 *
 * Options: `name`; `group`: only this group of clients, whose conversations must be its own; `keys`: only these
 * conversations; `maxLostPerConversation` (default 0): how many of one conversation's acknowledged turns may be
 * gone; an application that persists every N turns states N − 1 and what was on its way.
 *
 * Figures: `conversations`, `attempted`, `acknowledged`, `lost`, `lostConversations` (with any loss),
 * `mostLostInOne`, `gaps` (lost turns with a later one still there), `duplicates` and `outOfOrder` (of final
 * reads), `unexpected` (in a final read or a recall, and never said in that conversation until then), `recalls`,
 * `shortRecalls` (recalls that lacked more than the bound of the turns acknowledged before they began), `recovered`
 * (in the final read, never acknowledged).
 */
export function conversations(options: Readonly<Record<string, unknown>> = {}): Checker {
  const schema = { group: 'text', keys: 'texts', maxLostPerConversation: 'number' } as const;
  const read = readOptions('conversations', options, schema);
  const { name = 'conversations', group, keys, maxLostPerConversation: bound = 0 } = read;
  return {
    name,
    verifies: `Of each conversation at most ${bound} acknowledged turns are missing from the final read. Its turns stand there in order, each once, and all were said in it. A recall shows the turns that had been acknowledged before it began, but for ${bound}, and none that nobody had begun to say.`,
    doesNotVerify:
      'The texts of turns. A recall is judged by its last turn alone. Turns are told apart by their numbers, so a turn of another conversation is noticed only if this one has none of that number (yet). Turns of unknown outcome (info) may be there or not. Turns that a crashed client may have said and not recorded are not held against anybody.',
    check: ({ history: whole }) => {
      const history = onlyKeys(whole, keys);
      const members = history.clients.filter((one) => group === undefined || one.group === group);
      const clients = new Set(members.map((one) => one.name));
      const ledger = conversationsLedger(history, clients);
      const findings = collectFindings();
      const mayHaveSaidMore = members.some((one) => one.crashedAt !== undefined);
      const told = { findings, bound, mayHaveSaidMore };
      return conclude(ledger, finals(ledger, told), recalls(history, clients, ledger, told), told);
    },
  };
}

interface Told {
  findings: Findings;
  bound: number;
  mayHaveSaidMore: boolean;
}

/** What the final reads of all conversations say. */
function finals({ conversations: all }: ConversationsLedger, { findings, mayHaveSaidMore }: Told) {
  const sums = {
    attempted: 0,
    acknowledged: 0,
    lost: 0,
    lostConversations: 0,
    mostLostInOne: 0,
    gaps: 0,
    duplicates: 0,
    outOfOrder: 0,
    unexpected: 0,
    recovered: 0,
  };
  for (const conversation of all) {
    const { key, turns, final, readAt } = conversation;
    sums.attempted += turns.size;
    sums.acknowledged += acknowledgedIn(conversation);
    if (final === null) continue;
    const there = new Set<number>();
    let last = Number.NEGATIVE_INFINITY;
    const odd = (kind: string, turn: number, text: string) =>
      findings.offer(readAt, kind, () => ({
        at: readAt,
        kind,
        text: `turn ${turn} of ${key} ${text}`,
        key,
        value: turn,
      }));
    for (const turn of final) {
      if (there.has(turn)) {
        sums.duplicates++;
        odd('duplicate', turn, 'is there more than once');
      } else if (turn < last) {
        sums.outOfOrder++;
        odd('out-of-order', turn, `stands behind turn ${last}`);
      }
      const acknowledged = turns.get(turn);
      if (acknowledged === Number.POSITIVE_INFINITY && !there.has(turn)) sums.recovered++;
      if (acknowledged === undefined && !there.has(turn) && !mayHaveSaidMore) {
        sums.unexpected++;
        odd('unexpected', turn, 'is there, and nobody said it');
      }
      there.add(turn);
      last = Math.max(last, turn);
    }
    const { lost, gaps } = losses(conversation, there, last, findings);
    sums.lost += lost;
    sums.gaps += gaps;
    if (lost > 0) sums.lostConversations++;
    sums.mostLostInOne = Math.max(sums.mostLostInOne, lost);
  }
  return sums;
}

function acknowledgedIn({ turns }: Conversation): number {
  let count = 0;
  for (const at of turns.values()) if (at < Number.POSITIVE_INFINITY) count++;
  return count;
}

function losses({ key, turns }: Conversation, there: ReadonlySet<number>, last: number, findings: Findings) {
  let [lost, gaps] = [0, 0];
  for (const [turn, at] of turns) {
    if (at === Number.POSITIVE_INFINITY || there.has(turn)) continue;
    lost++;
    if (turn < last) gaps++;
    const where = turn < last ? `, though turn ${last} is there` : '';
    findings.offer(at, 'lost', () => ({
      at,
      kind: 'lost',
      text: `turn ${turn} of ${key} was acknowledged and cannot be read${where}`,
      key,
      value: turn,
    }));
  }
  return { lost, gaps };
}

/** What recalls showed, beside what had been acknowledged and begun by then. */
function recalls(
  history: History,
  clients: ReadonlySet<string>,
  ledger: ConversationsLedger,
  { findings, bound, mayHaveSaidMore }: Told,
) {
  const sums = { recalls: 0, shortRecalls: 0, unexpected: 0 };
  for (const { f, key, value, client, node, outcome, invoked, completed: at } of history.operations) {
    if (f !== 'recall' || outcome !== 'ok' || !clients.has(client)) continue;
    sums.recalls++;
    const index = ledger.indexOf(key);
    if (index === undefined) continue;
    const tell = (kind: string, text: string) =>
      findings.offer(at, kind, () => ({
        at,
        kind,
        text: `${client} was shown ${key} up to turn ${value ?? 'none'} ${text}`,
        client,
        node,
        key,
        ...(value !== null && { value }),
      }));
    const highest = ledger.acknowledgedBefore.highestBefore(index, invoked);
    const { turns } = ledger.conversations[index] as Conversation;
    if (lacksMore(turns, value ?? -1, highest, invoked, bound)) {
      sums.shortRecalls++;
      tell('short-recall', `when turn ${highest} had been acknowledged`);
    }
    // Its own end is included: a turn begun at that very moment is given the benefit of the doubt.
    const begun = ledger.attemptedBefore.highestBefore(index, at + 0.001);
    if (value === null || value <= begun || mayHaveSaidMore) continue;
    sums.unexpected++;
    tell('unexpected', 'when nobody had begun to say that');
  }
  return sums;
}

/** Whether more than `bound` turns above `shown` had been acknowledged before `at`. Looks at no more than it has to. */
function lacksMore(
  turns: ReadonlyMap<number, number>,
  shown: number,
  highest: number,
  at: number,
  bound: number,
): boolean {
  if (!(highest - shown > bound)) return false;
  let lacking = 0;
  for (let turn = highest; turn > shown; turn--) {
    const when = turns.get(turn);
    if (when !== undefined && when < at && ++lacking > bound) return true;
  }
  return false;
}

function conclude(
  { conversations: all }: ConversationsLedger,
  final: ReturnType<typeof finals>,
  recalled: ReturnType<typeof recalls>,
  { findings, bound }: Told,
): CheckResult {
  const unexpected = final.unexpected + recalled.unexpected;
  const figures = { conversations: all.length, ...final, ...recalled, unexpected };
  const result = (verdict: CheckResult['verdict'], summary: string): CheckResult => ({
    verdict,
    summary,
    figures,
    ...findings.evidence(),
  });
  const { acknowledged, lost, mostLostInOne, duplicates, outOfOrder } = final;
  const { shortRecalls } = recalled;
  if (mostLostInOne > bound || duplicates + outOfOrder + unexpected + shortRecalls > 0)
    return result(
      'invalid',
      `${lost} of ${acknowledged} acknowledged turns are lost, up to ${mostLostInOne} of one conversation (${bound} were to be expected), ${duplicates} are there twice, ${outOfOrder} out of order, ${unexpected} unexpected; ${shortRecalls} of ${recalled.recalls} recalls were too short`,
    );
  const unread = all.filter((one) => one.final === null && acknowledgedIn(one) > 0);
  if (unread.length > 0)
    return result(
      'unknown',
      `${unread.length} conversations with acknowledged turns have no final read (${unread[0]?.key}, …)`,
    );
  if (acknowledged === 0)
    return result('unknown', `none of ${final.attempted} attempted turns was acknowledged`);
  return result(
    'valid',
    `${lost} of ${acknowledged} acknowledged turns are lost, at most ${mostLostInOne} of one conversation (up to ${bound} were to be expected); all ${recalled.recalls} recalls showed what they had to`,
  );
}
