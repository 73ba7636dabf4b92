/**
 * redis.conf or sentinel.conf directives by name; a list writes the directive once for each element, and an empty
 * text is written as `""`, so that `save: ''` switches saving off.
 */
export type Directives = Readonly<Record<string, string | number | readonly (string | number)[]>>;

/** One configuration file's text. Later sources override earlier ones, directive by directive. */
export function configurationText(...sources: readonly Directives[]): string {
  const merged: Record<string, string | number | readonly (string | number)[]> = {};
  for (const source of sources) Object.assign(merged, source);
  const lines = Object.entries(merged).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${name} ${one === '' ? '""' : one}`),
  );
  return `${lines.join('\n')}\n`;
}

/** sentinel.conf directives that belong to one monitored group: https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/ */
const PER_GROUP = new Set([
  'down-after-milliseconds',
  'failover-timeout',
  'parallel-syncs',
  'master-reboot-down-after-period',
  'notification-script',
  'client-reconfig-script',
  'auth-pass',
  'auth-user',
  'rename-command',
]);

/** Global ones, which are written with `sentinel` in front. */
const GLOBAL = new Set([
  'announce-ip',
  'announce-port',
  'deny-scripts-reconfig',
  'resolve-hostnames',
  'announce-hostnames',
  'sentinel-user',
  'sentinel-pass',
]);

/** Turns `{ 'failover-timeout': 5000 }` into the line that sentinel.conf wants; anything else passes as it is. */
export function sentinelDirectives(group: string, directives: Directives): Directives {
  return Object.fromEntries(
    Object.entries(directives).map(([name, value]) => {
      if (PER_GROUP.has(name)) return [`sentinel ${name} ${group}`, value];
      if (GLOBAL.has(name)) return [`sentinel ${name}`, value];
      return [name, value];
    }),
  );
}
