import type { FinalRead, History } from '../history/operation.ts';
import { collectFacts, type FactTable } from './fact-table.ts';

/** One conversation, as it was said and as it was read at the end. */
export interface Conversation {
  key: string;
  /** For each turn that some client tried to say: when it was first acknowledged, in ms since the run's start; Infinity when never. */
  turns: Map<number, number>;
  /** What can be read at the end, in the order of the answer; null when nobody read it. */
  final: readonly number[] | null;
  readAt: number;
}

export interface ConversationsLedger {
  conversations: readonly Conversation[];
  indexOf(key: string): number | undefined;
  /** The highest turn acknowledged in a conversation (by index) before a moment. */
  acknowledgedBefore: FactTable;
  /** The highest turn begun to be said before a moment. */
  attemptedBefore: FactTable;
}

/** Puts `say` operations of these clients and final reads of conversations together. */
export function conversationsLedger(history: History, clients: ReadonlySet<string>): ConversationsLedger {
  const conversations: Conversation[] = [];
  const indexes = new Map<string, number>();
  const [acknowledgements, attempts] = [collectFacts(), collectFacts()];
  for (const { f, key, value: turn, client, outcome, invoked, completed } of history.operations) {
    if (f !== 'say' || turn === null || !clients.has(client)) continue;
    let index = indexes.get(key);
    if (index === undefined) {
      index = conversations.push(unread(key)) - 1;
      indexes.set(key, index);
    }
    const { turns } = conversations[index] as Conversation;
    const before = turns.get(turn);
    const at = outcome === 'ok' ? completed : Number.POSITIVE_INFINITY;
    if (before === undefined || at < before) turns.set(turn, at);
    attempts.add(index, invoked, turn);
    if (outcome === 'ok') acknowledgements.add(index, completed, turn);
  }
  for (const { key, values, at } of latest(history.finalReads)) {
    const conversation = conversations[indexes.get(key) ?? -1];
    if (conversation !== undefined) [conversation.final, conversation.readAt] = [values, at];
  }
  return {
    conversations,
    indexOf: (key) => indexes.get(key),
    acknowledgedBefore: acknowledgements.build(conversations.length),
    attemptedBefore: attempts.build(conversations.length),
  };
}

function unread(key: string): Conversation {
  return { key, turns: new Map(), final: null, readAt: 0 };
}

function latest(reads: readonly FinalRead[]): FinalRead[] {
  return reads.filter(({ subject }) => subject === 'conversation').sort((a, b) => a.at - b.at);
}
