import { Type } from 'typebox';

export const jobSettings = Type.Object(
  {
    /** While the queue's Redis is away: `inline` runs the job in the request, once (the safety valve); `fail` refuses the order with 503. */
    whenAway: Type.Union([Type.Literal('inline'), Type.Literal('fail')], { default: 'inline' }),
    /** How long adding a job may take before the queue counts as away. */
    enqueueTimeoutMs: Type.Integer({ default: 500, minimum: 1 }),
    /**
     * How many replicas must have an order's job before the queue counts as having it (WAIT); with fewer, `whenAway`
     * says what becomes of it, as if there had been no answer. 0: none. Not with a cluster.
     */
    acknowledgedBy: Type.Integer({ default: 0, minimum: 0 }),
    acknowledgeWithinMs: Type.Integer({ default: 100, minimum: 1 }),
    /** Whether this instance also works. */
    worker: Type.Boolean({ default: true }),
    concurrency: Type.Integer({ default: 4, minimum: 1 }),
    attempts: Type.Integer({ default: 5, minimum: 1 }),
    /** Whether an order that was processed before is recognised by its id (a unique key in the database). */
    idempotent: Type.Boolean({ default: true }),
    /** Silence on the worker's blocking connection until it is dropped and opened anew; null: for ever. Longer than the longest block (5 s). */
    blockingTimeoutMs: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { default: 7000 }),
    /** How long one job takes, in ms, on top of its database work. */
    workMs: Type.Integer({ default: 0, minimum: 0 }),
  },
  { additionalProperties: false, default: {} },
);
