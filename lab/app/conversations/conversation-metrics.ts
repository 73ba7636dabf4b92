import { Counter, Gauge, type Registry } from 'prom-client';
import type { Temperature } from './conversation-store.ts';

/** What is counted about conversations. */
export interface ConversationMetrics {
  said(to: Temperature): void;
  recalled(from: Temperature): void;
  persisted(turns: number): void;
  failed(): void;
}

/** `waiting`: conversations that this instance still has to persist. */
export function conversationMetrics(registry: Registry, waiting: () => number): ConversationMetrics {
  const registers = [registry];
  const said = new Counter({
    name: 'app_conversations_turns_total',
    help: 'Turns kept, by where they were when the user was answered.',
    labelNames: ['to'],
    registers,
  });
  const recalled = new Counter({
    name: 'app_conversations_recalls_total',
    help: 'Conversations read, by where their turns came from.',
    labelNames: ['from'],
    registers,
  });
  const persisted = new Counter({
    name: 'app_conversations_persisted_total',
    help: 'Turns brought from Redis to PostgreSQL.',
    registers,
  });
  const failed = new Counter({
    name: 'app_conversations_persist_failures_total',
    help: 'Times that bringing turns to PostgreSQL failed; it is tried again.',
    registers,
  });
  new Gauge({
    name: 'app_conversations_waiting',
    help: 'Conversations with turns that this instance still has to persist.',
    registers,
    collect() {
      this.set(waiting());
    },
  });
  return {
    said: (to) => said.inc({ to }),
    recalled: (from) => recalled.inc({ from }),
    persisted: (turns) => persisted.inc(turns),
    failed: () => failed.inc(),
  };
}
