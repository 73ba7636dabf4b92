import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished } from 'vitest';
import { packedName } from './images.ts';
import { OWNER_LABEL, RUN_LABEL } from './labels.ts';
import { isGone, ownerLabel } from './owner.ts';
import { sweep } from './sweep.ts';
import { dockerTest } from './test-docker.ts';

dockerTest(
  'removes what a killed lab left, and leaves a living one’s',
  async ({ daemon: { docker }, daemon }) => {
    // A process that stands for a lab; the living one is ourselves.
    const lab = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    onTestFinished(() => void lab.kill('SIGKILL'));
    const owners = { killed: ownerLabel(lab.pid), living: ownerLabel() };
    for (const [run, owner] of Object.entries(owners)) {
      const Labels = { [RUN_LABEL]: run, [OWNER_LABEL]: owner };
      await docker.createVolume({ Name: `${run}-volume`, Labels });
      const network = await docker.createNetwork({ Name: `${run}-network`, Labels });
      const container = await docker.createContainer({
        name: `${run}-container`,
        Labels,
        Image: packedName('redis'),
        HostConfig: { NetworkMode: network.id, Binds: [`${run}-volume:/data`] },
      });
      await container.start();
    }
    const names = async () => {
      const filters = { label: [OWNER_LABEL] };
      const containers = await docker.listContainers({ all: true, filters });
      const networks = await docker.listNetworks({ filters });
      const { Volumes } = await docker.listVolumes({ filters });
      return [
        ...containers.map(({ Names }) => Names[0]),
        ...networks.map(({ Name }) => Name),
        ...Volumes.map(({ Name }) => Name),
      ];
    };
    onTestFinished(async () => {
      await docker.getContainer('living-container').remove({ force: true });
      await docker.getNetwork('living-network').remove();
      await docker.getVolume('living-volume').remove();
    });
    expect(await sweep(daemon)).toEqual({ containers: 0, networks: 0, volumes: 0 });
    expect(await names()).toHaveLength(6);

    lab.kill('SIGKILL');
    await once(lab, 'exit');
    // Two labs that start at once: which of them finds what is chance.
    await Promise.all([sweep(daemon), sweep(daemon)]);
    expect(await names()).toEqual(['/living-container', 'living-network', 'living-volume']);
  },
);

dockerTest('judges no process that it cannot see', () => {
  const [machine, boot, namespace, pid, start] = ownerLabel().split('/');
  const gone = (...parts: (string | undefined)[]) => isGone(parts.join('/'));
  expect(gone(machine, boot, namespace, pid, start)).toBe(false);
  expect(gone(machine, boot, namespace, pid, `${start}0`)).toBe(true);
  expect(gone(machine, 'an earlier one', namespace, pid, start)).toBe(true);
  expect(gone(machine, boot, 'another', pid, 'another')).toBe(false);
  expect(gone('elsewhere', boot, namespace, pid, 'another')).toBe(false);
  expect(gone('')).toBe(false);
});
