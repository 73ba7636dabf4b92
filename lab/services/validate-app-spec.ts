import { type AppConfig, ROLES, validateConfig } from '../app/config.ts';
import { messageOf, UsageError } from '../common/errors.ts';
import { withNearest } from '../common/nearest-name.ts';
import { type AppSpec, instancesOf } from './app-spec.ts';
import { merged } from './merged.ts';

const FIELDS = ['instances', 'settings', 'settingsOf', 'systems'];
const MOST_INSTANCES = 8;

/**
 * Checks an experiment's application against the application's own schema, before anything starts. UsageError
 * names the field, what was expected and what came. `systems`: names of the topology's systems.
 */
export function validateAppSpec(spec: AppSpec, systems: readonly string[]): void {
  for (const field of Object.keys(spec))
    if (!FIELDS.includes(field)) throw unknown(`app has no field ${JSON.stringify(field)}`, field, FIELDS);
  const { instances = 1 } = spec;
  if (!Number.isInteger(instances) || instances < 1 || instances > MOST_INSTANCES)
    throw new UsageError(
      `app.instances: expected a whole number from 1 to ${MOST_INSTANCES}, got ${JSON.stringify(instances)}`,
    );
  const names = instancesOf(spec);
  for (const name of Object.keys(spec.settingsOf ?? {}))
    if (!names.includes(name))
      throw unknown(`app.settingsOf: there is no instance ${JSON.stringify(name)}`, name, names);
  for (const [role, system] of Object.entries(spec.systems ?? {})) {
    if (!ROLES.some((known) => known === role))
      throw unknown(`app.systems: there is no role ${JSON.stringify(role)}`, role, ROLES);
    if (!systems.includes(system))
      throw unknown(`app.systems.${role}: there is no system ${JSON.stringify(system)}`, system, systems);
  }
  for (const name of names) resolvedSettings(spec, name);
}

/** An instance's settings with the application's defaults. UsageError where a field is wrong. */
export function resolvedSettings(spec: AppSpec, instance: string): Omit<AppConfig, 'redis' | 'listen'> {
  return withStandIns(merged(spec.settings ?? {}, spec.settingsOf?.[instance] ?? {}));
}

/** With stand-ins for what the lab fills in, which nobody may give. */
function withStandIns(settings: unknown): AppConfig {
  const given = settings as Record<string, unknown>;
  for (const field of ['instance', 'listen', 'redis'])
    if (field in given) throw new UsageError(`app.settings.${field}: expected nothing, the lab fills it in`);
  const server = { kind: 'single', host: '127.0.0.1', port: 6379 };
  const redis = Object.fromEntries(ROLES.map((role) => [role, server]));
  const database = { ...(given.database as object | undefined), url: 'postgres://lab@127.0.0.1/shop' };
  try {
    return validateConfig({ ...given, database, redis });
  } catch (error) {
    throw new UsageError(`app.settings.${messageOf(error)}`, { cause: error });
  }
}

function unknown(message: string, name: string, all: readonly string[]): UsageError {
  return new UsageError(withNearest(message, name, all));
}
