import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect } from 'vitest';
import { until } from '../common/until.ts';
import { packedName } from './images.ts';
import { RUN_LABEL } from './labels.ts';
import { listImages } from './list-images.ts';
import { reaperLabels } from './reaper.ts';
import { dockerTest } from './test-docker.ts';

dockerTest('Testcontainers’ reaper removes what a killed lab left', async ({ daemon, own, skip }) => {
  const [image] = await listImages(daemon, { environment: {} }, ['reaper']);
  if (image?.sizeBytes === null) skip('the reaper could not be packed: go install does not get it here');
  // The reaper's port is one of the network namespace in which the tests' daemon is.
  const script = path.join(import.meta.dirname, 'test-reaper-owner.ts');
  const owner = spawn('nsenter', [`--target=${own.pid}`, '--net', process.execPath, script], {
    env: {
      ...process.env,
      DOCKER_HOST: own.host,
      TESTCONTAINERS_RYUK_DISABLED: 'false',
      TESTCONTAINERS_RYUK_RECONNECTION_TIMEOUT: '1s',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  expect(Object.keys(JSON.parse(line.toString()))).toContain('org.testcontainers.session-id');
  const networks = () => daemon.docker.listNetworks({ filters: { label: [`${RUN_LABEL}=reaped`] } });
  expect(await networks()).toHaveLength(1);
  owner.kill('SIGKILL');
  const gone = async () => (await networks()).length === 0;
  await until(gone, { what: 'the network to be removed', withinMs: 30_000, everyMs: 100 });
});

dockerTest('does without the reaper where it is off or not there', async ({ daemon }) => {
  expect(await reaperLabels(daemon, { TESTCONTAINERS_RYUK_DISABLED: 'true' })).toEqual({});
  expect(await reaperLabels(daemon, { RYUK_CONTAINER_IMAGE: packedName('reaper', 'none') })).toEqual({});
});
