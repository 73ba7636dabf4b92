import type Docker from 'dockerode';
import { LabError, messageOf, UsageError } from '../common/errors.ts';
import { type Route, routes } from './routes.ts';
import { overlap, partsOf, type Subnet, subnetOf, subnetText } from './subnet.ts';

/** Reserved for benchmarking networks (RFC 2544): 512 networks of 254 addresses. */
const USUAL_POOL = '198.18.0.0/15';
const POOL_VARIABLE = 'LAB_SUBNETS';
/** A lab's own network has 254 addresses. */
const BITS = 24;
const MOST_NAMED = 4;

/** The addresses that labs' networks are taken from: `LAB_SUBNETS`, else 198.18.0.0/15. UsageError when it is no such network. */
export function subnetPool(environment: NodeJS.ProcessEnv = process.env): string {
  const { [POOL_VARIABLE]: text = USUAL_POOL } = environment;
  const pool = subnetOf(text);
  if (pool === null || pool.bits < 8 || pool.bits > BITS)
    throw new UsageError(
      `${POOL_VARIABLE}: expected an IPv4 network of 8 to ${BITS} bits, as 10.77.0.0/16, got ${JSON.stringify(text)}`,
    );
  return text;
}

/**
 * Makes a network with the first subnet of the pool that nobody uses, neither a network of the daemon nor a route of
 * this machine, and resolves with its prefix (`198.18.7`). The daemon has the last word: of two labs that start at
 * once one is refused and takes the next. LabError, with who has them, when none is left.
 */
export async function createLabNetwork(
  docker: Docker,
  name: string,
  { labels, pool }: { labels: Readonly<Record<string, string>>; pool: string },
): Promise<string> {
  const users = [...(await networksOf(docker)), ...routes().map(asUser)];
  const whole = subnetOf(pool);
  const all = whole === null ? [] : partsOf(whole, BITS);
  for (const subnet of all.filter((each) => !users.some((user) => overlap(user.subnet, each)))) {
    try {
      await docker.createNetwork({
        Name: name,
        Driver: 'bridge',
        Labels: { ...labels },
        IPAM: { Driver: 'default', Config: [{ Subnet: subnetText(subnet) }] },
        // Nobody in a lab has anything to say to the world.
        Options: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' },
      });
      return subnetText(subnet).split('.').slice(0, 3).join('.');
    } catch (error) {
      // "Pool overlaps with other one on this address space", or the bridge's "conflicts with network … networks have overlapping IPv4".
      if (!/overlap/i.test(messageOf(error))) throw error;
    }
  }
  throw inUse(
    pool,
    users.filter(({ subnet }) => whole !== null && overlap(subnet, whole)),
  );
}

/** Who has a subnet, in words. */
interface User {
  subnet: Subnet;
  who: string;
}

async function networksOf(docker: Docker): Promise<User[]> {
  const networks = await docker.listNetworks();
  return networks.flatMap(({ Name, IPAM }) =>
    (IPAM?.Config ?? []).flatMap(({ Subnet: text = '' }) => {
      const subnet = subnetOf(text);
      return subnet === null ? [] : [{ subnet, who: `the Docker network ${Name}` }];
    }),
  );
}

function asUser({ interface: name, subnet }: Route): User {
  return { subnet, who: `a route of this machine through ${name}` };
}

function inUse(pool: string, users: readonly User[]): LabError {
  // A daemon's network is a route of its machine, too.
  const named = users.filter(
    ({ subnet }, i) => users.findIndex((other) => subnetText(other.subnet) === subnetText(subnet)) === i,
  );
  return new LabError(`expected a subnet that is free in ${pool}, got all of it in use`, {
    details: [
      ...named.slice(0, MOST_NAMED).map(({ subnet, who }) => `${subnetText(subnet)}: ${who}`),
      ...(named.length > MOST_NAMED ? [`and ${named.length - MOST_NAMED} more`] : []),
      `labs take others with ${POOL_VARIABLE}, as ${POOL_VARIABLE}=10.77.0.0/16`,
      'docker network prune removes Docker’s own that nobody uses',
    ],
  });
}
