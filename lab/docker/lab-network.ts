import type Docker from 'dockerode';
import { LabError, messageOf } from '../common/errors.ts';

/** Of 198.18.0.0/15, which is reserved for benchmarking networks (RFC 2544): 512 networks of 254 addresses. */
const prefixes = Array.from({ length: 512 }, (_, i) => `198.${18 + (i >> 8)}.${i & 255}`);

/**
 * Makes a network with the first subnet that is free and resolves with its prefix (`198.18.7`). The daemon decides
 * which are: of two labs that start at once one is refused and takes the next. LabError when none is left, or when
 * `wanted` (`198.18.7`) is taken.
 */
export async function createLabNetwork(
  docker: Docker,
  name: string,
  { labels, wanted }: { labels: Readonly<Record<string, string>>; wanted?: string },
): Promise<string> {
  const candidates = wanted === undefined ? await freeOf(docker) : [wanted];
  for (const prefix of candidates) {
    try {
      await docker.createNetwork({
        Name: name,
        Driver: 'bridge',
        Labels: { ...labels },
        IPAM: { Driver: 'default', Config: [{ Subnet: `${prefix}.0/24` }] },
        // Nobody in a lab has anything to say to the world.
        Options: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' },
      });
      return prefix;
    } catch (error) {
      // "Pool overlaps with other one on this address space", or the bridge's "conflicts with network … networks have overlapping IPv4".
      if (!/overlap/i.test(messageOf(error))) throw error;
    }
  }
  const tried = wanted === undefined ? '198.18.0.0/15' : `${wanted}.0/24`;
  throw new LabError(`expected a subnet that is free in ${tried}, got one in use`, {
    details: ['docker network ls shows whose they are; docker network prune removes those that nobody uses'],
  });
}

async function freeOf(docker: Docker): Promise<string[]> {
  const networks = await docker.listNetworks();
  const used = networks.flatMap((each) => each.IPAM?.Config ?? []).map(({ Subnet }) => Subnet);
  return prefixes.filter((prefix) => !used.includes(`${prefix}.0/24`));
}
