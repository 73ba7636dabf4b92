import type { NodeAddress } from '../mesh/address-book.ts';
import { accessDirectives, labCredentials } from './access.ts';
import { configurationText, type Directives } from './directives.ts';
import type { PlacementOptions } from './placement.ts';
import { RedisNode } from './redis-node.ts';
import { REDIS_PORT } from './sentinel-options.ts';
import type { Timing } from './timing.ts';
import type { PlannedNode, TopologyContext } from './topology.ts';

/** The data nodes of a plan, not started. */
export function dataNodes(
  planned: readonly PlannedNode[],
  options: PlacementOptions,
  timing: Timing,
  { book, hosts, tools }: TopologyContext,
): RedisNode[] {
  return planned
    .filter((node) => node.kind === 'redis')
    .map((node) => {
      const address = book.node(node.name);
      const asked = { ...options.redis, ...options.nodes?.[node.name] };
      return new RedisNode({
        kind: 'redis',
        address,
        host: hostOf(node, hosts),
        redisServer: tools.redisServer,
        configuration: redisConfiguration(address, asked, timing),
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
function redisConfiguration(address: NodeAddress, asked: Directives, timing: Timing): string {
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
async function withQuickSync({ control }: RedisNode): Promise<() => Promise<void>> {
  const name = 'repl-diskless-sync';
  const [, diskless = ''] = (await control.config('GET', name)) as string[];
  await control.config('SET', name, 'no');
  return async () => void (await control.config('SET', name, diskless));
}
