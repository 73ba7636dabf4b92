import type { NodeAddress } from '../mesh/address-book.ts';
import { accessDirectives, labCredentials } from './access.ts';
import { configurationText, type Directives } from './directives.ts';
import type { PlacementOptions } from './placement.ts';
import { RedisNode } from './redis-node.ts';
import { REDIS_PORT } from './sentinel-options.ts';
import type { Timing } from './timing.ts';
import type { PlannedNode, TopologyContext } from './topology.ts';

/** The data nodes of a plan, not started. `own` is what a topology adds to each, before what the scenario asks for. */
export function dataNodes(
  planned: readonly PlannedNode[],
  options: PlacementOptions,
  timing: Timing,
  { book, hosts, tools }: TopologyContext,
  own: (node: PlannedNode) => {
    directives?: Directives;
    files?: Readonly<Record<string, string>>;
  } = () => ({}),
): RedisNode[] {
  return planned
    .filter((node) => node.kind === 'redis')
    .map((node) => {
      const address = book.node(node.name);
      const asked = { ...options.redis, ...options.nodes?.[node.name] };
      const { directives = {}, files } = own(node);
      return new RedisNode({
        kind: 'redis',
        address,
        host: hostOf(node, hosts),
        redisServer: tools.redisServer,
        configuration: redisConfiguration(address, directives, asked, timing),
        ...(files ? { files } : {}),
        credentials: labCredentials(asked),
      });
    });
}

export function hostOf(node: PlannedNode, hosts: TopologyContext['hosts']) {
  const host = hosts.get(node.host);
  if (host === undefined) throw new RangeError(`no host is called ${node.host}`);
  return host;
}

/** A data node's redis.conf: what the mesh needs, then what the scenario asks for, and what that makes necessary. */
export function redisConfiguration(
  address: NodeAddress,
  own: Directives,
  asked: Directives,
  timing: Timing,
): string {
  return configurationText(
    {
      port: REDIS_PORT,
      bind: `${address.direct} ${address.announced}`,
      'protected-mode': 'no',
      'replica-announce-ip': address.announced,
      'replica-announce-port': REDIS_PORT,
      'enable-debug-command': 'yes',
      ...(timing.name === 'fast' ? { 'repl-diskless-sync-delay': 0 } : {}),
    },
    own,
    asked,
    accessDirectives(asked),
  );
}

/**
 * Makes all but the first replicas of the first. A `REPLICAOF` sent at run time connects at once; one in the
 * configuration waits for the server's 1 s cron. Returns what has to be done when they are in step.
 */
export async function attachReplicas([first, ...replicas]: readonly RedisNode[]): Promise<
  () => Promise<void>
> {
  if (first === undefined || replicas.length === 0) return async () => {};
  const [host = '', port = ''] = first.announced.split(':');
  const restoreSync = await withQuickSync(first);
  await Promise.all(
    replicas.map(async (node) => {
      await node.control.replicaof(host, port);
      // So that a restart finds it in the file, as after any reconfiguration by a Sentinel.
      await node.control.config('REWRITE');
    }),
  );
  return restoreSync;
}

/**
 * Makes the first synchronisation, before any load, a quick one. A diskless one (the default) waits 5 s for more
 * replicas to come, and Redis 7.0 streams to a replica only after its first acknowledgement, up to 1 s later,
 * although INFO counts it as online. Returns what restores the settings.
 */
function withQuickSync(node: RedisNode): Promise<() => Promise<void>> {
  return withSettings(node, QUICK_SYNC);
}

/** What makes a first synchronisation a quick one. */
export const QUICK_SYNC = { 'repl-diskless-sync': 'no' } as const;

/** Sets directives at run time. Returns what restores those that were. */
export async function withSettings(
  { control }: RedisNode,
  settings: Readonly<Record<string, string>>,
): Promise<() => Promise<void>> {
  const names = Object.keys(settings);
  const before = (await Promise.all(names.map((name) => control.config('GET', name)))) as string[][];
  await control.call('CONFIG', 'SET', ...Object.entries(settings).flat());
  return async () => void (await control.call('CONFIG', 'SET', ...before.flat()));
}
