import { isIPv4 } from 'node:net';

/** An IPv4 network: its first address as a number, and how many bits of it all its addresses have in common. */
export interface Subnet {
  address: number;
  bits: number;
}

/** Of `10.77.0.0/16`; null for anything else than an IPv4 network's first address and bits. */
export function subnetOf(text: string): Subnet | null {
  const [ip = '', length, ...more] = text.split('/');
  const bits = Number(length);
  if (!isIPv4(ip) || !/^\d+$/.test(length ?? '') || bits > 32 || more.length > 0) return null;
  const address = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return address % sizeOf({ address, bits }) === 0 ? { address, bits } : null;
}

/** `10.77.0.0/16` */
export function subnetText({ address, bits }: Subnet): string {
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${parts.join('.')}/${bits}`;
}

/** Whether they have an address in common, which is when one is a part of the other. */
export function overlap(a: Subnet, b: Subnet): boolean {
  return a.address < b.address + sizeOf(b) && b.address < a.address + sizeOf(a);
}

/** All subnets of so many bits in it, in order. */
export function partsOf(subnet: Subnet, bits: number): Subnet[] {
  const size = sizeOf({ address: 0, bits });
  return Array.from({ length: sizeOf(subnet) / size }, (_, i) => ({
    address: subnet.address + i * size,
    bits,
  }));
}

function sizeOf({ bits }: Subnet): number {
  return 2 ** (32 - bits);
}
