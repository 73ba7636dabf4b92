import { Type } from 'typebox';

export const cacheSettings = Type.Object(
  {
    /**
     * `aside`: reads fill, writes go to the database and then remove the key. `write-through`: writes go to the
     * database and then to the cache. `write-behind`: writes go to the cache and to the database later.
     */
    strategy: Type.Union(
      [Type.Literal('aside'), Type.Literal('write-through'), Type.Literal('write-behind')],
      { default: 'aside' },
    ),
    ttlMs: Type.Integer({ default: 30_000, minimum: 1 }),
    /** Share of the TTL that is random, so that keys filled together do not expire together. */
    jitter: Type.Number({ default: 0.2, minimum: 0, maximum: 1 }),
    /** One fill at a time for a key in this process. */
    coalesce: Type.Boolean({ default: true }),
    /** One fill at a time for a key among all processes: a key in Redis that one of them holds for so long; null: none. */
    leaseMs: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { default: 1000 }),
    /** How long a value that has expired is still served while one request refreshes it; 0: not at all. */
    staleMs: Type.Integer({ default: 10_000, minimum: 0 }),
    /** Fills of this process that may use the database at once; null: any number. */
    maxFills: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { default: 10 }),
    /** How long a fill may wait for its turn when `maxFills` are under way; then the user gets an old value or 503. */
    fillWaitMs: Type.Integer({ default: 500, minimum: 0 }),
    /** A tier in the process in front of Redis; null: none. */
    local: Type.Union(
      [
        Type.Object(
          {
            entries: Type.Integer({ minimum: 1 }),
            ttlMs: Type.Integer({ minimum: 1 }),
            /** Whether nothing local is trusted any more whenever the subscription was interrupted. */
            flushAfterGap: Type.Boolean({ default: true }),
            /** How often the subscription is proved to be alive; null: never. */
            pingEveryMs: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { default: 1000 }),
          },
          { additionalProperties: false },
        ),
        Type.Null(),
      ],
      { default: null },
    ),
    /** Whether writes tell all instances to drop the key from their local tier. */
    invalidationEvents: Type.Boolean({ default: true }),
    /**
     * How instances tell each other what to forget, the same for all of them. `pubsub`: published by whichever server
     * has the data. `sharded` (a cluster alone): at the one node that owns the channel's slot (SPUBLISH).
     */
    invalidation: Type.Union([Type.Literal('pubsub'), Type.Literal('sharded')], { default: 'pubsub' }),
    /** Whether an invalidation that Redis did not hear is repeated until it does. */
    retryInvalidations: Type.Boolean({ default: true }),
    /** Whether a fill that a write or an invalidation overtook is thrown away. */
    guardFills: Type.Boolean({ default: true }),
    connectTimeoutMs: Type.Integer({ default: 1000, minimum: 1 }),
    /** Longest wait for the cache's answer before the database is asked; null: for ever. */
    readTimeoutMs: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { default: 200 }),
    /** After so many failures in a row the cache is not asked for `openMs`; null: it is always asked. */
    breaker: Type.Union(
      [
        Type.Object(
          {
            failures: Type.Integer({ default: 5, minimum: 1 }),
            openMs: Type.Integer({ default: 1000, minimum: 1 }),
            /** Whether values that the local tier still has are served, however old, while the breaker is open. */
            serveStale: Type.Boolean({ default: true }),
          },
          { additionalProperties: false },
        ),
        Type.Null(),
      ],
      { default: {} },
    ),
    writeBehind: Type.Object(
      {
        /** Where acknowledged writes wait for the database: in the process, or in a stream on the cache's Redis. */
        buffer: Type.Union([Type.Literal('memory'), Type.Literal('stream')], { default: 'stream' }),
        flushEveryMs: Type.Integer({ default: 200, minimum: 1 }),
        /** After so long an instance takes over what another has read from the stream and not finished. */
        claimAfterMs: Type.Integer({ default: 2000, minimum: 1 }),
      },
      { additionalProperties: false, default: {} },
    ),
  },
  { additionalProperties: false, default: {} },
);
