import { openDaemon } from './daemon.ts';
import { packedArch } from './pack/all-recipes.ts';
import { packImages } from './pack/pack-images.ts';
import { programFiles } from './pack/program-files.ts';
import { PATH } from './pack/recipe.ts';
import { startTestDaemon } from './test-daemon.ts';

/** For a test: starts a daemon and a container in it, says so, and waits to be killed. */
const { host, pid } = await startTestDaemon();
const daemon = await openDaemon({ DOCKER_HOST: host });
const recipe = {
  role: 'reaper',
  names: ['failover-lab/sleep:test'],
  version: '1',
  source: '/bin/sleep',
  entries: await programFiles('/bin/sleep', '/bin/sleep'),
  command: ['sleep', '1000'],
  environment: { PATH },
} as const;
await packImages([recipe], packedArch(), { daemon });
const container = await daemon.docker.createContainer({ Image: recipe.names[0] });
await container.start();
process.stdout.write(`${JSON.stringify({ pid, container: container.id })}\n`);
setInterval(() => {}, 60_000);
