import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { LinkProxy } from '../mesh/link-proxy.ts';
import type { ComposeFile } from './compose-file.ts';
import { playground, playgroundText } from './playground.ts';
import { playgroundPlan, USERS_HOST } from './playground-plan.ts';

const written = readFileSync(join(import.meta.dirname, '../../docker-compose.yml'), 'utf8');
const file = parse(written, { version: '1.1' }) as ComposeFile;
const services = Object.entries(file.services);

test('docker-compose.yml is what `npm run compose` writes', () => {
  expect(written).toBe(playgroundText());
  expect(file).toEqual(JSON.parse(JSON.stringify(playground())));
});

test('every image is pinned by its digest and can be replaced', () => {
  for (const [, { image }] of services)
    expect(image).toMatch(/^\$\{LAB_IMAGE_\w+:-\S+:\S+@sha256:[0-9a-f]{64}\}$/);
});

test('what stays has a health check', () => {
  const without = services.filter(([, { healthcheck }]) => healthcheck === undefined).map(([name]) => name);
  expect(without).toEqual(['seed', 'k6']);
});

test('ports are published on loopback alone, and only those of the application', () => {
  const published = services.flatMap(([, { ports = [] }]) => ports);
  const byDefault = published.map((port) => port.replace(/\$\{LAB_APP_\d_PORT:-(\d+)\}/, '$1'));
  expect(byDefault).toEqual(['127.0.0.1:8081:8081', '127.0.0.1:8082:8082']);
});

test('nobody asks for a capability', () => {
  for (const [, service] of services) {
    expect(service).not.toHaveProperty('cap_add');
    expect(service).not.toHaveProperty('privileged');
  }
});

test('each zone has a network, and each of a zone’s hosts has its address in it', () => {
  const { hosts, zones } = playgroundPlan();
  expect(Object.keys(file.networks)).toEqual(['east', 'west', 'south']);
  expect(zones.map(({ name }) => name)).toEqual(Object.keys(file.networks));
  const addresses = hosts.flatMap(({ address }) => address ?? []);
  expect(new Set(addresses).size).toBe(addresses.length);
  for (const { name, zone, address } of hosts) {
    if (zone === null) expect(name).toBe(USERS_HOST);
    else
      expect(
        address?.startsWith(file.networks[zone]?.ipam.config[0]?.subnet.replace('0/24', '') ?? '-'),
      ).toBe(true);
  }
});

test('a link leads only to where its observer has a network', () => {
  const { hosts, book } = playgroundPlan();
  for (const { name, links, networks } of hosts) {
    const proxies: LinkProxy[] = JSON.parse(file.configs[`${name}-links.json`]?.content ?? '[]');
    expect(proxies).toHaveLength(links.length);
    for (const proxy of proxies) {
      const owner = hosts.find(({ address }) => proxy.upstream.startsWith(`${address}:`));
      expect(networks).toContain(owner?.zone);
      expect(owner?.nodes.map(({ name }) => name)).toContain(book.nameOf(proxy.listen));
    }
  }
});

test('no shard has its primary and its replica in one zone', () => {
  const { hosts } = playgroundPlan();
  const zoneOf = (node: string) => hosts.find(({ nodes }) => nodes.some(({ name }) => name === node))?.zone;
  for (const shard of [1, 2, 3])
    expect(zoneOf(`cluster-redis-${shard}`)).not.toBe(zoneOf(`cluster-redis-${shard + 3}`));
});
