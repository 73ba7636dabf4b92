import { UsageError } from '../common/errors.ts';
import { withNearest } from '../common/nearest-name.ts';
import type { NodeAddress } from '../mesh/address-book.ts';
import { configurationText, type Directives, sentinelDirectives } from './directives.ts';
import { RedisNode } from './redis-node.ts';
import { sentinelReady } from './sentinel-ready.ts';
import { SentinelView } from './sentinel-view.ts';
import type { Timing } from './timing.ts';
import type { RunningTopology, Topology, TopologyContext, TopologyPlan } from './topology.ts';

export interface SentinelOptions {
  /** Replicas of the one primary. Default 2. */
  replicas?: number;
  /** Sentinel processes. Default 3. */
  sentinels?: number;
  /** Sentinels that must agree that the primary is down. Default: their majority. */
  quorum?: number;
  /**
   * Which node runs on which host, by name: `{ 'sentinel-1': 'host-2' }`. Data nodes are `redis-1` (the first
   * primary), `redis-2`, …; Sentinels `sentinel-1`, …. Default: `redis-N` on `host-N`, `sentinel-N` beside it.
   */
  placement?: Readonly<Record<string, string>>;
  /** Named groups of the nodes' hosts: `{ east: ['host-1'], west: ['host-2', 'host-3'] }`. */
  zones?: Readonly<Record<string, readonly string[]>>;
  /** redis.conf directives for all data nodes. */
  redis?: Directives;
  /** sentinel.conf directives for all Sentinels; per-group ones without the group's name: `{ 'parallel-syncs': 2 }`. */
  sentinel?: Directives;
  /** Directives for one node, over those for all: `{ 'redis-2': { 'replica-priority': 0 } }`. */
  nodes?: Readonly<Record<string, Directives>>;
  /** Clocks of this topology where they differ from the run's timing. */
  timing?: Partial<Pick<Timing, 'downAfterMs' | 'failoverTimeoutMs'>>;
}

/** The name under which the Sentinels monitor the primary. */
export const SENTINEL_GROUP = 'lab';
const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;

/**
 * One primary with replicas, watched by Sentinels. Throws UsageError on numbers that are no counts, and on
 * placements, zones or directives for nodes and hosts that do not exist.
 */
export function sentinel(options: SentinelOptions = {}): Topology {
  const plan = planOf(options);
  return {
    kind: 'sentinel',
    plan: () => plan,
    start: (context) => start(options, plan, context),
  };
}

function planOf(options: SentinelOptions): TopologyPlan {
  const replicas = count('replicas', options.replicas ?? 2, 0);
  const sentinels = count('sentinels', options.sentinels ?? 3, 1);
  const quorum = count('quorum', quorumOf(options), 1);
  if (quorum > sentinels) {
    throw new UsageError(
      `sentinel(): quorum: expected at most the number of sentinels (${sentinels}), got ${quorum}`,
    );
  }
  const names = (prefix: string, length: number) => Array.from({ length }, (_, i) => `${prefix}-${i + 1}`);
  const place = (name: string) => options.placement?.[name] ?? `host-${name.split('-')[1]}`;
  const nodes = [
    ...names('redis', replicas + 1).map((name) => ({
      name,
      kind: 'redis' as const,
      host: place(name),
      ports: { client: REDIS_PORT },
    })),
    ...names('sentinel', sentinels).map((name) => ({
      name,
      kind: 'sentinel' as const,
      host: place(name),
      ports: { client: SENTINEL_PORT },
    })),
  ];
  const hostNames = [...new Set(nodes.map((node) => node.host))];
  const nodeNames = nodes.map((node) => node.name);
  known('placement', 'node', Object.keys(options.placement ?? {}), nodeNames);
  known('nodes', 'node', Object.keys(options.nodes ?? {}), nodeNames);
  known('zones', 'host', Object.values(options.zones ?? {}).flat(), hostNames);
  const zoneOf = new Map<string, string>();
  for (const [zone, members] of Object.entries(options.zones ?? {})) {
    for (const member of members) {
      const other = zoneOf.get(member);
      if (other !== undefined) {
        throw new UsageError(
          `sentinel(): zones: ${member} is in ${other} and in ${zone}; a host has one zone`,
        );
      }
      zoneOf.set(member, zone);
    }
  }
  return {
    text: `1 primary, ${replicas} replicas, ${sentinels} Sentinels (quorum ${quorum})`,
    hosts: hostNames.map((name) => {
      const zone = zoneOf.get(name);
      return zone === undefined ? { name } : { name, zone };
    }),
    nodes,
  };
}

function quorumOf(options: SentinelOptions): number {
  return options.quorum ?? Math.floor((options.sentinels ?? 3) / 2) + 1;
}

function count(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least && value <= 50) return value;
  throw new UsageError(`sentinel(): ${name}: expected a whole number from ${least} to 50, got ${value}`);
}

function known(where: string, what: string, names: readonly string[], all: readonly string[]): void {
  for (const name of names) {
    if (all.includes(name)) continue;
    const message = `sentinel(): ${where}: there is no ${what} ${JSON.stringify(name)}`;
    throw new UsageError(withNearest(message, name, all));
  }
}

async function start(
  options: SentinelOptions,
  plan: TopologyPlan,
  context: TopologyContext,
): Promise<RunningTopology> {
  const timing: Timing = { ...context.timing, ...options.timing };
  const make = (kind: 'redis' | 'sentinel', configuration: (address: NodeAddress) => string) =>
    plan.nodes
      .filter((node) => node.kind === kind)
      .map((node) => {
        const address = context.book.node(node.name);
        const host = context.hosts.get(node.host);
        if (host === undefined) throw new RangeError(`no host is called ${node.host}`);
        const { redisServer } = context.tools;
        const prepare = (one: RedisNode) =>
          setPeriods(one, kind === 'sentinel' ? timing.sentinelPeriods : {});
        return new RedisNode({
          kind,
          address,
          host,
          redisServer,
          configuration: configuration(address),
          prepare,
        });
      });
  const data = make('redis', (address) => redisConfiguration(address, options, timing));
  const sentinels = make('sentinel', (address) =>
    sentinelConfiguration(address, options, plan, timing, context),
  );
  const nodes = [...data, ...sentinels];
  context.onNodes?.(nodes);
  const view = new SentinelView(SENTINEL_GROUP, sentinels, data, context.book);
  const topology: RunningTopology = {
    nodes,
    endpoint: {
      group: SENTINEL_GROUP,
      sentinels: sentinels.map((node) => {
        const address = context.book.node(node.name);
        return { host: address.announced, port: SENTINEL_PORT };
      }),
    },
    primary: () => view.primary(),
    settled: (withinMs) => sentinelReady(view, withinMs, context.signal),
    close: () => {
      for (const node of nodes) node.control.disconnect();
    },
  };
  try {
    const leaveDiscovery = await bringUp(data, sentinels, timing, context);
    await sentinelReady(view, 30_000, context.signal);
    await leaveDiscovery();
    return topology;
  } catch (error) {
    topology.close();
    throw error;
  }
}

/**
 * Starts all processes side by side. A `REPLICAOF` sent at run time connects at once; one in the configuration
 * waits for the server's 1 s cron. Returns what has to be done when the group is ready.
 */
async function bringUp(
  data: readonly RedisNode[],
  sentinels: readonly RedisNode[],
  timing: Timing,
  context: TopologyContext,
): Promise<() => Promise<void>> {
  const started = async (node: RedisNode) => {
    await node.start('kept');
    await node.accepting(10_000);
  };
  await Promise.all([
    ...data.map(started),
    ...sentinels.map(async (node) => {
      await started(node);
      await setPeriods(node, timing.discoveryPeriods);
    }),
  ]);
  const [first, ...replicas] = data;
  if (first === undefined) return async () => {};
  const primary = context.book.node(first.name);
  const restoreSync = await withQuickSync(first);
  await Promise.all(
    replicas.map(async (node) => {
      await node.control.replicaof(primary.announced, REDIS_PORT);
      // So that a restart finds it in the file, as after any reconfiguration by a Sentinel.
      await node.control.config('REWRITE');
    }),
  );
  return async () => {
    await restoreSync();
    await Promise.all(sentinels.map((node) => setPeriods(node, timing.sentinelPeriods)));
  };
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

async function setPeriods(node: RedisNode, periods: Readonly<Record<string, number>>): Promise<void> {
  const settings = Object.entries(periods).flatMap(([name, ms]) => [name, String(ms)]);
  if (settings.length > 0) await node.control.call('SENTINEL', 'DEBUG', ...settings);
}

function redisConfiguration(address: NodeAddress, options: SentinelOptions, timing: Timing): string {
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
    options.redis ?? {},
    options.nodes?.[address.name] ?? {},
  );
}

function sentinelConfiguration(
  address: NodeAddress,
  options: SentinelOptions,
  plan: TopologyPlan,
  timing: Timing,
  context: TopologyContext,
): string {
  const first = plan.nodes.find((node) => node.kind === 'redis');
  const primary = context.book.node(first?.name ?? '');
  return configurationText(
    {
      port: SENTINEL_PORT,
      bind: `${address.direct} ${address.announced}`,
      'protected-mode': 'no',
      'sentinel announce-ip': address.announced,
      'sentinel announce-port': SENTINEL_PORT,
      [`sentinel monitor ${SENTINEL_GROUP}`]: `${primary.announced} ${REDIS_PORT} ${quorumOf(options)}`,
    },
    sentinelDirectives(SENTINEL_GROUP, {
      'down-after-milliseconds': timing.downAfterMs,
      'failover-timeout': timing.failoverTimeoutMs,
    }),
    sentinelDirectives(SENTINEL_GROUP, options.sentinel ?? {}),
    sentinelDirectives(SENTINEL_GROUP, options.nodes?.[address.name] ?? {}),
  );
}
