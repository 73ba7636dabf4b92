import { type Static, Type } from 'typebox';
import { cacheSettings } from './cache/settings.ts';
import { conversationSettings } from './conversations/settings.ts';
import { jobSettings } from './jobs/settings.ts';
import { limitSettings } from './limits/settings.ts';
import { clientSettings, serverSettings } from './redis/settings.ts';
import { sessionSettings } from './sessions/settings.ts';
import { ConfigError, validate } from './validate.ts';

export { ConfigError } from './validate.ts';

/** What Redis is used for; each role may live on servers of its own. */
export const ROLES = ['sessions', 'cache', 'limits', 'jobs'] as const;
export type Role = (typeof ROLES)[number];

const roles = <T extends Parameters<typeof Type.Object>[0][string]>(one: T) => ({
  sessions: one,
  cache: one,
  limits: one,
  jobs: one,
});

/** The whole configuration of one instance. Every protection is a switch; the defaults are the protected ones. */
export const configSchema = Type.Object(
  {
    /** Name of this instance, in the header `x-instance` of each answer, in logs and metrics. */
    instance: Type.String({ default: 'app', pattern: '^[A-Za-z0-9_-]+$' }),
    listen: Type.Object(
      {
        host: Type.String({ default: '127.0.0.1' }),
        port: Type.Integer({ default: 8080, minimum: 0, maximum: 65535 }),
      },
      { additionalProperties: false, default: {} },
    ),
    database: Type.Object(
      {
        url: Type.String({ pattern: '^postgres(ql)?://' }),
        connections: Type.Integer({ default: 10, minimum: 1 }),
        connectTimeoutMs: Type.Integer({ default: 1000, minimum: 1 }),
        statementTimeoutMs: Type.Integer({ default: 5000, minimum: 1 }),
      },
      { additionalProperties: false },
    ),
    /** Servers by role. */
    redis: Type.Object(roles(serverSettings), { additionalProperties: false }),
    /** How connections behave, by role. */
    clients: Type.Object(roles(clientSettings), { additionalProperties: false, default: {} }),
    sessions: sessionSettings,
    cache: cacheSettings,
    limits: limitSettings,
    jobs: jobSettings,
    conversations: conversationSettings,
    bodyLimitBytes: Type.Integer({ default: 65_536, minimum: 1 }),
    /** How long a shutdown waits for requests and jobs under way. */
    shutdownMs: Type.Integer({ default: 5000, minimum: 0 }),
    logLevel: Type.Union(
      [Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')],
      { default: 'info' },
    ),
  },
  { additionalProperties: false },
);

export type AppConfig = Static<typeof configSchema>;

type Deep<T> = T extends readonly unknown[] | null
  ? T
  : T extends object
    ? { [K in keyof T]?: Deep<T[K]> }
    : T;

/** What may be given: everything that has a default may be left out. */
export type AppSettings = Deep<AppConfig>;

/**
 * Checks a configuration that may come from anywhere and fills the defaults in. Throws ConfigError that names the
 * field, what was expected and what came; for an unknown field, the nearest known one.
 */
export function validateConfig(value: unknown): AppConfig {
  // Every field has been looked at by the schema that the type is made of.
  const config = validate(configSchema, value) as AppConfig;
  for (const role of ['sessions', 'cache'] as const)
    if (config[role].invalidation === 'sharded' && config.redis[role].kind !== 'cluster')
      throw new ConfigError(
        `${role}.invalidation`,
        `expected "pubsub" where redis.${role} is no cluster, got "sharded"`,
      );
  // There the script that changes the value is the only step that may happen.
  if (config.cache.invalidation === 'sharded' && config.cache.strategy === 'write-behind')
    throw new ConfigError(
      'cache.invalidation',
      'expected "pubsub" where cache.strategy is "write-behind", got "sharded"',
    );
  return config;
}
