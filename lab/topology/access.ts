import { UsageError } from '../common/errors.ts';
import type { Directives } from './directives.ts';

/** What somebody logs in with. Without a name it is the user `default`. */
export interface Credentials {
  username?: string;
  password?: string;
}

/**
 * The lab's own user, which is made wherever a scenario makes users: what probes and orders need (INFO, CONFIG,
 * REPLICAOF, DEBUG) is not what a scenario wants to allow to others.
 */
const LAB_USER = 'failover-lab';
const LAB_PASSWORD = 'known-to-the-lab-alone';

/**
 * Directives that let the lab and the nodes themselves in where redis.conf asks for a password. They come before the
 * scenario's own, which may say otherwise: `masterauth` is `requirepass` unless it is given; where there are `user`
 * lines there is one more for the lab, with which replicas log in too unless `masteruser` or `masterauth` is given.
 * UsageError for an `aclfile`, beside which Redis allows no user lines.
 */
export function accessDirectives(redis: Directives): Directives {
  if (redis.aclfile !== undefined) {
    throw new UsageError(
      `redis: aclfile: expected user directives ({ user: ['name on >password …'] }), got ${redis.aclfile}`,
    );
  }
  const users = usersOf(redis);
  if (users.length === 0) {
    const { requirepass } = redis;
    return has(requirepass) ? { masterauth: redis.masterauth ?? String(requirepass) } : {};
  }
  const own = { user: [...users, `${LAB_USER} on >${LAB_PASSWORD} ~* &* +@all`] };
  const master = redis.masteruser !== undefined || redis.masterauth !== undefined;
  return master ? own : { ...own, masteruser: LAB_USER, masterauth: LAB_PASSWORD };
}

/** How the lab logs in. */
export function labCredentials(redis: Directives): Credentials {
  if (usersOf(redis).length > 0) return { username: LAB_USER, password: LAB_PASSWORD };
  return has(redis.requirepass) ? { password: String(redis.requirepass) } : {};
}

/** How clients log in: as the first user that is on and has a password in plain text, else with `requirepass`. */
export function clientCredentials(redis: Directives): Credentials {
  for (const line of usersOf(redis)) {
    const [username = '', ...rules] = line.split(/\s+/);
    const password = rules.find((rule) => rule.startsWith('>'))?.slice(1);
    if (password !== undefined && rules.includes('on')) return { username, password };
  }
  return has(redis.requirepass) ? { password: String(redis.requirepass) } : {};
}

/** What Sentinels log in with, as sentinel.conf's per-group directives. */
export function sentinelAccess(redis: Directives): Directives {
  const { username, password } = labCredentials(redis);
  return {
    ...(username === undefined ? {} : { 'auth-user': username }),
    ...(password === undefined ? {} : { 'auth-pass': password }),
  };
}

function usersOf({ user }: Directives): string[] {
  if (user === undefined) return [];
  return [user].flat().map(String);
}

function has(value: Directives[string] | undefined): boolean {
  return value !== undefined && value !== '';
}
