import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { type Subnet, subnetOf } from './subnet.ts';

/** A network that this machine reaches by something else than its usual way out. */
export interface Route {
  interface: string;
  subnet: Subnet;
}

/** A VPN that takes everything does so with two halves of the world: no network of anybody. */
const LEAST_BITS = 8;
const KERNEL_ROUTES = '/proc/net/route';

/** A VPN's, an office's, other daemons'; where the system does not tell its routes, the networks of its own addresses. */
export function routes(): Route[] {
  if (existsSync(KERNEL_ROUTES)) return kernelRoutes(readFileSync(KERNEL_ROUTES, 'utf8'));
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ address, netmask, family }) =>
      family === 'IPv4' ? routeOf(name, numberOf(address), numberOf(netmask)) : [],
    ),
  );
}

/** Of the kernel's own table, whose numbers are hexadecimal, their bytes in the machine's order, which is little-endian. */
export function kernelRoutes(table: string): Route[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [name, destination, , , , , , mask] = line.split('\t');
      if (name === undefined || destination === undefined || mask === undefined) return [];
      return routeOf(name, swapped(destination), swapped(mask));
    });
}

function routeOf(name: string, address: number, mask: number): Route[] {
  const bits = mask.toString(2).replaceAll('0', '').length;
  const size = 2 ** (32 - bits);
  return bits < LEAST_BITS
    ? []
    : [{ interface: name, subnet: { address: address - (address % size), bits } }];
}

function swapped(hex: string): number {
  return Number.parseInt((hex.trim().match(/../g) ?? []).reverse().join(''), 16);
}

function numberOf(ip: string): number {
  return subnetOf(`${ip}/32`)?.address ?? 0;
}
