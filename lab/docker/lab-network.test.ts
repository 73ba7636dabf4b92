import { expect, it } from 'vitest';
import { UsageError } from '../common/errors.ts';
import { subnetPool } from './lab-network.ts';
import { kernelRoutes } from './routes.ts';
import { overlap, partsOf, type Subnet, subnetOf, subnetText } from './subnet.ts';

const net = (text: string) => subnetOf(text) as Subnet;

it('takes subnets of the pool that is named, and refuses what is none', () => {
  expect(subnetPool({})).toBe('198.18.0.0/15');
  expect(subnetPool({ LAB_SUBNETS: '10.77.0.0/16' })).toBe('10.77.0.0/16');
  for (const wrong of [
    '',
    '10.77.0.0',
    '10.77.0.1/16',
    '10.77.0.0/25',
    '0.0.0.0/0',
    'fd00::/8',
    '10.77.0.0/1x',
  ])
    expect(() => subnetPool({ LAB_SUBNETS: wrong }), wrong).toThrow(UsageError);
});

it('knows the parts of a subnet, and which overlap', () => {
  const parts = partsOf(net('10.77.254.0/23'), 24);
  expect(parts.map(subnetText)).toEqual(['10.77.254.0/24', '10.77.255.0/24']);
  expect(overlap(net('10.0.0.0/8'), net('10.77.0.0/24'))).toBe(true);
  expect(overlap(net('10.77.0.0/24'), net('10.0.0.0/8'))).toBe(true);
  expect(overlap(net('10.77.0.0/24'), net('10.77.1.0/24'))).toBe(false);
  expect(overlap(net('255.255.255.0/24'), net('255.255.255.128/25'))).toBe(true);
});

it('reads routes as the kernel tells them: a VPN’s network, not the way out, nor a VPN that takes the whole world', () => {
  const table = [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
    'tun0\t00000000\t010200C0\t0003\t0\t0\t0\t00000080\t0\t0\t0',
    'tun0\t000012C6\t00000000\t0001\t0\t0\t0\t0000FEFF\t0\t0\t0',
    '',
  ].join('\n');
  expect(kernelRoutes(table)).toEqual([{ interface: 'tun0', subnet: net('198.18.0.0/15') }]);
});
