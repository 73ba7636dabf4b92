import { images } from '../docker/images.ts';
import type { NodeAddress } from '../mesh/address-book.ts';
import { CLUSTER_FILE, rejoining } from '../topology/cluster-birth.ts';
import { clusterDirectives } from '../topology/cluster-configuration.ts';
import { clusterPlan } from '../topology/cluster-plan.ts';
import { redisConfiguration } from '../topology/data-nodes.ts';
import type { Directives } from '../topology/directives.ts';
import type { PlacementOptions } from '../topology/placement.ts';
import { sentinelConfiguration } from '../topology/sentinel-configuration.ts';
import { REDIS_PORT, SENTINEL_GROUP, SENTINEL_PORT } from '../topology/sentinel-options.ts';
import { healthcheck, type ServiceWithFiles } from './compose-file.ts';
import { imageOf } from './image-of.ts';
import {
  CLUSTER,
  clusterOptions,
  GROUP,
  groupOptions,
  type PlaygroundPlan,
  playgroundTiming,
} from './playground-plan.ts';

/** The image's own working directory: servers may write there, whoever the image lets them be. */
const DIRECTORY = '/data';
const { programs } = images.redis;

/** The servers of both systems, each on its host. */
export function redisServices({ book }: PlaygroundPlan): ServiceWithFiles[] {
  const primary = book.node(`${GROUP}-redis-1`);
  const { shards } = clusterPlan(clusterOptions);
  const nodeOf = (name: string) => book.node(`${CLUSTER}-${name}`);
  return book.nodes.flatMap((node) => {
    if (node.kind === 'sentinel') return [sentinelService(node, primary)];
    if (node.kind !== 'redis') return [];
    if (node.name.startsWith(`${CLUSTER}-`)) {
      const own = clusterDirectives(node, playgroundTiming);
      const files = { [CLUSTER_FILE]: rejoining(node, shards, nodeOf) };
      return [dataService(node, own, askedOf(node, CLUSTER, clusterOptions), files)];
    }
    const own = node === primary ? {} : { replicaof: `${primary.announced} ${REDIS_PORT}` };
    return [dataService(node, own, askedOf(node, GROUP, groupOptions))];
  });
}

function dataService(
  node: NodeAddress,
  own: Directives,
  asked: Directives,
  further: Readonly<Record<string, string>> = {},
): ServiceWithFiles {
  const configuration = redisConfiguration(node, { ...own, bind: bindingOf(node) }, asked, playgroundTiming);
  return server(node, 'redis-server', REDIS_PORT, ['ping'], {
    'redis.conf': configuration,
    ...further,
  });
}

function sentinelService(node: NodeAddress, primary: NodeAddress): ServiceWithFiles {
  const own = { bind: bindingOf(node) };
  const configuration = sentinelConfiguration(node, primary, groupOptions, own, playgroundTiming);
  return server(node, 'redis-sentinel', SENTINEL_PORT, ['sentinel', 'ckquorum', SENTINEL_GROUP], {
    'sentinel.conf': configuration,
  });
}

function server(
  { name, host }: NodeAddress,
  program: string,
  port: number,
  question: readonly string[],
  files: Readonly<Record<string, string>>,
): ServiceWithFiles {
  const inPlace = Object.entries(files).map(([file, text]) => [`${DIRECTORY}/${file}`, text] as const);
  return {
    name,
    service: {
      image: imageOf('redis'),
      command: [programs[program] ?? program, inPlace[0]?.[0] ?? ''],
      working_dir: DIRECTORY,
      network_mode: `service:${host}`,
      // Answers that are errors end with 1.
      healthcheck: healthcheck(6, programs['redis-cli'] ?? '', '-e', '-p', String(port), ...question),
      stop_grace_period: '2s',
    },
    files: Object.fromEntries(inPlace),
    writable: true,
  };
}

/** Where a node listens: beside its addresses, on what `redis-cli` without further words connects to. */
function bindingOf({ direct, announced }: NodeAddress): string {
  return `${direct} ${announced} 127.0.0.1`;
}

function askedOf(node: NodeAddress, system: string, { redis, nodes }: PlacementOptions): Directives {
  return { ...redis, ...nodes?.[node.name.slice(system.length + 1)] };
}
