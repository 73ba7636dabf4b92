import { expect } from 'vitest';
import { createLabNetwork } from './lab-network.ts';
import { dockerTest } from './test-docker.ts';

dockerTest('a lab takes a subnet that nobody uses, and says who has them all', async ({ daemon }) => {
  const { docker } = daemon;
  const office = await docker.createNetwork({
    Name: 'office',
    IPAM: { Driver: 'default', Config: [{ Subnet: '10.77.4.0/24' }] },
  });
  try {
    const taken = createLabNetwork(docker, 'nowhere', { labels: {}, pool: '10.77.4.0/24' });
    await expect(taken).rejects.toMatchObject({
      message: 'expected a subnet that is free in 10.77.4.0/24, got all of it in use',
      details: expect.arrayContaining([
        '10.77.4.0/24: the Docker network office',
        'labs take others with LAB_SUBNETS, as LAB_SUBNETS=10.77.0.0/16',
      ]),
    });
    expect(await createLabNetwork(docker, 'beside', { labels: {}, pool: '10.77.4.0/23' })).toBe('10.77.5');
    await docker.getNetwork('beside').remove();
  } finally {
    await office.remove();
  }
});
