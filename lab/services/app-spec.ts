import type { AppSettings, Role } from '../app/config.ts';

/**
 * The application of an experiment: instances on hosts of their own (`app-1`, `app-2`, …), and PostgreSQL on
 * `db-1`. Plain JSON.
 */
export interface AppSpec {
  /** How many instances. Default 1. */
  instances?: number;
  /**
   * What differs from the application's defaults, which are the protected ones. Where it listens and where its
   * servers are the lab fills in.
   */
  settings?: Settings;
  /** What differs further for one instance, by its name: `{ 'app-2': { jobs: { worker: false } } }`. */
  settingsOf?: Readonly<Record<string, Settings>>;
  /**
   * Which of the topology's systems each role uses. Default: the system of the role's name where there is one,
   * else the whole topology.
   */
  systems?: Partial<Record<Role, string>>;
}

/** Settings that a scenario may choose. */
export type Settings = Omit<AppSettings, 'instance' | 'listen' | 'redis'>;

/** Users and products that the database holds at the start; their numbers are 1, 2, 3, …, a user's password is `password-<number>`. */
export const SEEDED = { users: 10_000, products: 1000 } as const;

/** Name of the database's node and host. */
export const DATABASE = 'db-1';

/** Names of the instances, which are their hosts' too. */
export function instancesOf(spec: AppSpec): string[] {
  return Array.from({ length: spec.instances ?? 1 }, (_, index) => `app-${index + 1}`);
}
