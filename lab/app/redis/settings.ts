import { Type } from 'typebox';

const address = Type.Object({
  host: Type.String({ minLength: 1 }),
  port: Type.Integer({ minimum: 1, maximum: 65535 }),
});

/** Where one role's data lives: a single server, a Sentinel group, or a cluster. */
export const serverSettings = Type.Union([
  Type.Object(
    { kind: Type.Literal('single'), ...address.properties, ...credentials() },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('sentinel'),
      sentinels: Type.Array(address, { minItems: 1 }),
      group: Type.String({ minLength: 1 }),
      ...credentials(),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { kind: Type.Literal('cluster'), nodes: Type.Array(address, { minItems: 1 }), ...credentials() },
    { additionalProperties: false },
  ),
]);

/** How the application's connections behave; the defaults are what the lab recommends, not what ioredis does by itself. */
export const clientSettings = Type.Object(
  {
    connectTimeoutMs: Type.Integer({ default: 1000, minimum: 1 }),
    /** null: a command may wait for ever. */
    commandTimeoutMs: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { default: 500 }),
    /** Silence on a connection with commands under way until it is dropped; null: for ever. */
    socketTimeoutMs: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { default: 2000 }),
    /** Whether commands wait in memory while there is no connection. */
    offlineQueue: Type.Boolean({ default: false }),
    /** null: a command is tried again for ever. */
    maxRetriesPerRequest: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { default: 1 }),
    /** Whether commands that were under way when a connection broke are sent again, which may run them twice. */
    resend: Type.Boolean({ default: false }),
    /** Sentinel only: leaves a primary as soon as a Sentinel announces another. */
    failoverDetector: Type.Boolean({ default: true }),
    /** Leaves a server that answers READONLY. */
    leaveReadonly: Type.Boolean({ default: true }),
    /** Delay before a reconnect: doubles from `from` to `to`; `jitter` is the share of it that is random. */
    retryDelayMs: Type.Object(
      {
        from: Type.Integer({ default: 50, minimum: 0 }),
        to: Type.Integer({ default: 1000, minimum: 0 }),
        jitter: Type.Number({ default: 0.5, minimum: 0, maximum: 1 }),
      },
      { additionalProperties: false, default: {} },
    ),
  },
  { additionalProperties: false, default: {} },
);

function credentials() {
  return { username: Type.Optional(Type.String()), password: Type.Optional(Type.String()) };
}
