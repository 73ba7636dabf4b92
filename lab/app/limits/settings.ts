import { Type } from 'typebox';

const limit = Type.Integer({ minimum: 1 });
const windowMs = Type.Integer({ minimum: 1 });
const windowed = <A extends string>(algorithm: A) =>
  Type.Object({ algorithm: Type.Literal(algorithm), limit, windowMs }, { additionalProperties: false });

/** One limit. Buckets hold `capacity` and refill (or leak) at `perSecond`. */
export const policySettings = Type.Union([
  windowed('fixed-window'),
  windowed('sliding-log'),
  windowed('sliding-counter'),
  Type.Object(
    {
      algorithm: Type.Literal('token-bucket'),
      capacity: limit,
      perSecond: Type.Number({ exclusiveMinimum: 0 }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      algorithm: Type.Literal('leaky-bucket'),
      capacity: limit,
      perSecond: Type.Number({ exclusiveMinimum: 0 }),
    },
    { additionalProperties: false },
  ),
]);

export const limitSettings = Type.Object(
  {
    /** By name; `GET /limited/<name>` is guarded by it, and `login` guards POST /login where it is given. */
    policies: Type.Record(Type.String({ pattern: '^[a-z0-9-]+$' }), policySettings, { default: {} }),
    /** While Redis is away: everybody gets in, nobody does, or each instance counts for itself with `localShare` of the limit. */
    whenAway: Type.Union([Type.Literal('open'), Type.Literal('closed'), Type.Literal('local')], {
      default: 'local',
    }),
    localShare: Type.Number({ default: 0.5, exclusiveMinimum: 0, maximum: 1 }),
    /** Keys of the local count; more push the oldest out. */
    localEntries: Type.Integer({ default: 10_000, minimum: 1 }),
    /** Whether counting and setting the TTL is one atomic script; false: INCR, then EXPIRE (fixed window only). */
    atomic: Type.Boolean({ default: true }),
    /** Whose clock counts: Redis' own (TIME in the script), or each instance's. */
    clock: Type.Union([Type.Literal('server'), Type.Literal('client')], { default: 'server' }),
    /** How many replicas must have counted an admission before it is given (WAIT); 0: none. */
    acknowledgedBy: Type.Integer({ default: 0, minimum: 0 }),
    acknowledgeWithinMs: Type.Integer({ default: 100, minimum: 1 }),
    /** Whether a decision that was under way when the connection broke is sent again, which may count twice. */
    resend: Type.Boolean({ default: false }),
  },
  { additionalProperties: false, default: {} },
);
