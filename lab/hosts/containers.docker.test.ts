import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { type ImageRole, images } from '../docker/images.ts';
import { startLabContainer } from '../docker/lab-container.ts';
import { SCRATCH_INSIDE } from '../docker/lab-job.ts';
import { subnetPool } from '../docker/lab-network.ts';
import { listImages } from '../docker/list-images.ts';
import { dockerTest } from '../docker/test-docker.ts';
import { sharedFolders } from '../run/shared-folders.ts';
import { cases } from './namespaces.cases.ts';
import type { CaseJob } from './test-case.ts';
import { CASE_RUNNER, temporaryPlace } from './test-cases.ts';

// The same suite as the namespaces backend's, each case as the first process of a container.
for (const name of Object.keys(cases)) {
  dockerTest(name, async ({ daemon, own }) => {
    using place = temporaryPlace(null);
    const { logs } = place;
    const socket = own.host.replace('unix://', '');
    const found = (await listImages(daemon)).map(({ role, reference }) => [role, reference]);
    const job: Omit<CaseJob, 'containers'> = {
      module: new URL('./namespaces.cases.ts', import.meta.url).href,
      name,
      scratch: SCRATCH_INSIDE,
      logs,
      tools: {
        redisServer: 'redis-server',
        toxiproxy: images.toxiproxy.programs['toxiproxy-server'] ?? '',
        ip: 'ip',
        iptables: 'iptables',
      },
    };
    const lab = await startLabContainer(
      {
        socket,
        daemonSocket: socket,
        images: Object.fromEntries(found) as Record<ImageRole, string>,
        user: null,
        socketGroup: null,
        passwd: path.join(logs, 'nobody'),
        labels: {},
        pool: subnetPool({}),
      },
      {
        args: (containers) => [CASE_RUNNER, JSON.stringify({ ...job, containers })],
        environment: { NODE_NO_WARNINGS: '1' },
        folders: sharedFolders({
          file: '',
          dir: logs,
          cache: logs,
          clockLibrary: null,
          tools: { redisServer: '', toxiproxy: '', ip: '', iptables: null, application: null },
        }),
      },
    );
    const [said, complained, code] = await Promise.all([text(lab.stdout), text(lab.stderr), lab.ended]);
    expect({ code, said, complained }).toEqual({ code: 0, said: '', complained: '' });
    expect(await leftOf(lab.name)).toEqual([]);

    async function leftOf(lab: string): Promise<string[]> {
      const { docker } = daemon;
      const networks = await docker.listNetworks({ filters: { name: [lab] } });
      const { Volumes } = await docker.listVolumes({ filters: { label: [`failover-lab.run=${lab}`] } });
      return [...networks.map(({ Name }) => Name), ...(Volumes ?? []).map(({ Name }) => Name)];
    }
  });
}
