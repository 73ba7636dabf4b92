import { type AppConfig, ROLES, type Role, validateConfig } from '../app/config.ts';
import { messageOf, UsageError } from '../common/errors.ts';
import { withNearest } from '../common/nearest-name.ts';
import type { TopologyPlan } from '../topology/topology.ts';
import { type AppSpec, instancesOf } from './app-spec.ts';
import { merged } from './merged.ts';

const FIELDS = ['instances', 'settings', 'settingsOf', 'systems'];
const MOST_INSTANCES = 8;

/**
 * Checks an experiment's application against the application's own schema, before anything starts. UsageError
 * names the field, what was expected and what came. `plan`: of the topology.
 */
export function validateAppSpec(spec: AppSpec, plan: TopologyPlan): void {
  const { systems = [] } = plan;
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
  for (const name of names) withStandIns(settingsFor(spec, name), (role) => isCluster(role, spec, plan));
}

/** Whether a role's nodes have a bus. */
function isCluster(role: Role, spec: AppSpec, { nodes, systems = [] }: TopologyPlan): boolean {
  const system = spec.systems?.[role] ?? role;
  const own = systems.includes(system) ? nodes.filter(({ name }) => name.startsWith(`${system}-`)) : nodes;
  return own.some(({ ports }) => ports.bus !== undefined);
}

function settingsFor(spec: AppSpec, instance: string): unknown {
  return merged(spec.settings ?? {}, spec.settingsOf?.[instance] ?? {});
}

/** The settings of an instance, which have been validated, with the application's defaults. */
export function resolvedSettings(spec: AppSpec, instance: string): Omit<AppConfig, 'redis' | 'listen'> {
  return withStandIns(settingsFor(spec, instance), () => true);
}

/** With stand-ins for what the lab fills in, which nobody may give. */
function withStandIns(settings: unknown, isCluster: (role: Role) => boolean): AppConfig {
  const given = settings as Record<string, unknown>;
  for (const field of ['instance', 'listen', 'redis'])
    if (field in given) throw new UsageError(`app.settings.${field}: expected nothing, the lab fills it in`);
  const address = { host: '127.0.0.1', port: 6379 };
  const serverOf = (role: Role) =>
    isCluster(role) ? { kind: 'cluster', nodes: [address] } : { kind: 'single', ...address };
  const redis = Object.fromEntries(ROLES.map((role) => [role, serverOf(role)]));
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
