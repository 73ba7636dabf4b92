import { images } from '../docker/images.ts';
import { linkProxy } from '../mesh/link-proxy.ts';
import { healthcheck, type ServiceWithFiles } from './compose-file.ts';
import { imageOf } from './image-of.ts';
import type { PlaygroundHost, PlaygroundPlan } from './playground-plan.ts';

const LINKS = '/links.json';

/**
 * A host: its network stack, and the Toxiproxy of its links. What runs on it joins its network, so that a server may
 * end and come back while the host stays. Ports that people use are published on loopback alone.
 */
export function hostService(host: PlaygroundHost, { book }: PlaygroundPlan): ServiceWithFiles {
  const apps = host.nodes.filter(({ kind }) => kind === 'app');
  const ports = apps.map(
    ({ name, ports: { client } }) => `127.0.0.1:\${${portVariable(name)}:-${client}}:${client}`,
  );
  const proxies = host.links.map((link) => JSON.stringify(linkProxy(link, book)));
  return {
    name: host.name,
    service: {
      image: imageOf('toxiproxy'),
      command: [`-config=${LINKS}`, '-host=127.0.0.1'],
      environment: { LOG_LEVEL: 'error' },
      networks: networksOf(host),
      ...(ports.length > 0 ? { ports } : {}),
      healthcheck: healthcheck(6, images.toxiproxy.programs['toxiproxy-cli'] ?? '', 'list'),
      stop_grace_period: '1s',
    },
    files: { [LINKS]: `[${proxies.join(',\n')}]\n` },
  };
}

/** The networks that a host is in; an address of its own it has in its zone's, where it is to be found. */
export function networksOf({
  networks,
  zone,
  address,
}: PlaygroundHost): Record<string, { ipv4_address?: string }> {
  return Object.fromEntries(
    networks.map((name) => [name, name === zone && address !== null ? { ipv4_address: address } : {}]),
  );
}

/** `LAB_APP_1_PORT`: another port on this machine. */
function portVariable(app: string): string {
  return `LAB_${app.toUpperCase().replaceAll('-', '_')}_PORT`;
}
