import { Type } from 'typebox';

export const conversationSettings = Type.Object(
  {
    /** Turns of a conversation that stay in Redis. */
    hotTurns: Type.Integer({ default: 20, minimum: 1 }),
    /** Every so many turns what is new goes to PostgreSQL. A crash may lose up to so many turns, less one, that were not yet there. */
    persistEveryTurns: Type.Integer({ default: 5, minimum: 1 }),
    ttlSeconds: Type.Integer({ default: 86_400, minimum: 1 }),
    /** Whether every turn is written to PostgreSQL before the user is answered; what that costs is latency. */
    persistBeforeAnswer: Type.Boolean({ default: false }),
  },
  { additionalProperties: false, default: {} },
);
