import { Type } from 'typebox';

export const sessionSettings = Type.Object(
  {
    /** `plain`: every request reads Redis. `clustered`: a local cache in front, invalidated over pub/sub. */
    store: Type.Union([Type.Literal('plain'), Type.Literal('clustered')], { default: 'plain' }),
    /** Sliding: each use of a session sets it anew. */
    ttlSeconds: Type.Integer({ default: 1800, minimum: 1 }),
    cookieName: Type.String({ default: 'sid', pattern: '^[A-Za-z0-9_-]+$' }),
    /** `example.com`: the cookie is valid there and on all its subdomains. null: on the host alone that set it. */
    cookieDomain: Type.Union([Type.String({ minLength: 1 }), Type.Null()], { default: null }),
    /** Whether the cookie is sent over HTTPS alone. */
    cookieSecure: Type.Boolean({ default: false }),
    /** The first signs, all are accepted, so that secrets can be rotated. */
    cookieSecrets: Type.Array(Type.String({ minLength: 16 }), {
      minItems: 1,
      default: ['a secret for development only'],
    }),
    /** A replica may not know yet who logged in a moment ago. */
    readFrom: Type.Union([Type.Literal('primary'), Type.Literal('replica')], { default: 'primary' }),
    /** How many replicas must have a login or a logout before the user is told that it worked (WAIT); 0: none. */
    acknowledgedBy: Type.Integer({ default: 0, minimum: 0 }),
    acknowledgeWithinMs: Type.Integer({ default: 200, minimum: 1 }),
    /**
     * What a request that ends does to its session: `existing-only` writes back only if the session is still there;
     * `always` writes it whatever happened meanwhile, so a slow request can bring a session back that was logged out.
     */
    save: Type.Union([Type.Literal('existing-only'), Type.Literal('always')], { default: 'existing-only' }),
    /**
     * How instances tell each other what to forget, the same for all of them. `pubsub`: published by whichever server
     * has the data. `sharded` (a cluster alone): at the one node that owns the channel's slot (SPUBLISH).
     */
    invalidation: Type.Union([Type.Literal('pubsub'), Type.Literal('sharded')], { default: 'pubsub' }),
    /** The local cache of the clustered store. */
    local: Type.Object(
      {
        entries: Type.Integer({ default: 10_000, minimum: 1 }),
        ttlMs: Type.Integer({ default: 30_000, minimum: 1 }),
        /** Whether everything local is forgotten whenever the subscription was interrupted. */
        flushAfterGap: Type.Boolean({ default: true }),
        /** How often the subscription is proved to be alive; null: never, so a silent cut is noticed by nobody. */
        pingEveryMs: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { default: 1000 }),
        /** Whether a fill that an invalidation overtook is thrown away. */
        guardFills: Type.Boolean({ default: true }),
      },
      { additionalProperties: false, default: {} },
    ),
  },
  { additionalProperties: false, default: {} },
);
