import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { AppContext } from '../context.ts';
import { coldTurns } from './cold-turns.ts';
import { conversationMetrics } from './conversation-metrics.ts';
import { conversationStore } from './conversation-store.ts';
import { hotTurns } from './hot-turns.ts';
import { persister } from './persister.ts';
import type { Turn } from './turn.ts';

const params = Type.Object({ id: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) });
/** PostgreSQL's texts have no NUL. What else a request holds is dropped: only number and text are ever kept. */
const body = Type.Object(
  {
    turn: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }),
    text: Type.String({ pattern: '^[^\\u0000]*$' }),
  },
  { additionalProperties: false },
);
const querystring = Type.Object({ last: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })) });

/**
 * Conversations: the last turns in the sessions' Redis, all of them in PostgreSQL sooner or later; see
 * conversation-store.ts for what a crash may lose. `GET /conversations/5?last=20` gives the last 20 turns, without
 * `last` all; `x-degraded: redis` says that Redis was away, so that the latest turns may be missing.
 */
export async function conversations(app: FastifyInstance, context: AppContext): Promise<void> {
  const { config, database, log, metrics: registry, onClose } = context;
  const settings = config.conversations;
  const redis = context.redis('sessions');
  const hot = hotTurns(redis, settings);
  const cold = coldTurns(database);
  const background = persister(hot, cold, settings.persistEveryTurns, log, {
    persisted: (turns) => metrics.persisted(turns),
    failed: () => metrics.failed(),
  });
  const metrics = conversationMetrics(registry, background.size);
  const store = conversationStore(hot, cold, background, settings);
  redis.on('close', store.doubt);
  redis.on('ready', store.doubt);
  onClose(() => background.close());

  app.post<{ Params: { id: number }; Body: Turn }>(
    '/conversations/:id/turns',
    { schema: { params, body } },
    async ({ params: { id }, body: { turn, text } }) => {
      metrics.said(await store.say(id, { turn, text }));
      return { turn };
    },
  );
  app.get<{ Params: { id: number }; Querystring: { last?: number } }>(
    '/conversations/:id',
    { schema: { params, querystring } },
    async ({ params: { id }, query: { last } }, reply) => {
      const { turns, from, isDegraded } = await store.recall(id, last ?? null);
      metrics.recalled(from);
      if (isDegraded) reply.header('x-degraded', 'redis');
      return { turns, from };
    },
  );
}
