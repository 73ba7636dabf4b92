import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { GenericContainer, Network, Wait } from 'testcontainers';
import { monotonicMs } from '../lab/common/clock.ts';
import { LabError, messageOf } from '../lab/common/errors.ts';
import { median } from '../lab/common/median.ts';
import { openDaemon, useDaemon } from '../lab/docker/daemon.ts';
import { type ImageRole, images } from '../lab/docker/images.ts';
import { type DockerPlace, startLabContainer } from '../lab/docker/lab-container.ts';
import { SCRATCH_INSIDE } from '../lab/docker/lab-job.ts';
import { subnetPool } from '../lab/docker/lab-network.ts';
import { listImages } from '../lab/docker/list-images.ts';
import { allRecipes, packedArch } from '../lab/docker/pack/all-recipes.ts';
import { packImages } from '../lab/docker/pack/pack-images.ts';
import { startTestDaemon } from '../lab/docker/test-daemon.ts';
import type { CaseJob } from '../lab/hosts/test-case.ts';
import { CASE_RUNNER, temporaryPlace } from '../lab/hosts/test-cases.ts';
import { compileCache } from '../lab/run/compile-cache.ts';
import { sharedFolders } from '../lab/run/shared-folders.ts';
import { cacheDirectory } from '../lab/tools/cache-directory.ts';
import type { Figure } from './figure.ts';

const silent = { onLeftOut: () => {}, onProgress: () => {} };

/**
 * 1 primary, 2 replicas and 3 Sentinels in containers, on a Docker daemon of its own with packed images, by turns: with the
 * full mesh until everything is ready and until nothing is left, and the same six servers by Testcontainers one after
 * the other, without a mesh, until each says that it is there (which is before Sentinels know of each other). No figures,
 * and the reason, where there is no daemon.
 */
export async function containers(runs = 7): Promise<Figure[]> {
  const own = await startTestDaemon().catch((error: unknown) =>
    console.log(`  left out: ${messageOf(error)}`),
  );
  if (own === undefined) return [];
  try {
    const daemon = await openDaemon({ DOCKER_HOST: own.host });
    await packImages(await allRecipes(silent), packedArch(), { daemon });
    useDaemon(daemon);
    // Its port is in the daemon's own network namespace, where nobody of us comes.
    process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
    const listed = (await listImages(daemon)).map(({ role, reference }) => [role, reference]);
    const there = Object.fromEntries(listed) as Record<ImageRole, string>;
    const socket = own.host.slice('unix://'.length);
    const place: DockerPlace = {
      socket,
      daemonSocket: socket,
      images: there,
      user: null,
      socketGroup: null,
      passwd: '/etc/passwd',
      labels: {},
      pool: subnetPool({}),
    };
    const ready: number[] = [];
    const tearDown: number[] = [];
    const plain: number[] = [];
    for (let run = 0; run < runs; run++) {
      plain.push(await oneByOne(there.redis));
      const meshed = await withMesh(place);
      ready.push(meshed.readyMs / 1000);
      tearDown.push(meshed.tearDownMs / 1000);
    }
    const ratios = [median(ready) / median(plain)];
    const what = '1 primary + 2 replicas + 3 Sentinels';
    return [
      { name: `${what} with mesh in containers, ready`, unit: 's', samples: ready, bar: { max: 4 } },
      { name: 'tear-down, no container left', unit: 's', samples: tearDown, bar: { max: 2 } },
      { name: `${what} by Testcontainers one by one, no mesh`, unit: 's', samples: plain, bar: {} },
      { name: 'ready ÷ one by one without a mesh', unit: '', samples: ratios, bar: { max: 1 } },
    ];
  } finally {
    await own.stop();
  }
}

/** From the order to make the lab's network on: the lab's own container, hosts, mesh, servers. */
async function withMesh(place: DockerPlace): Promise<{ readyMs: number; tearDownMs: number }> {
  using files = temporaryPlace(null);
  const { logs } = files;
  const tools = {
    redisServer: 'redis-server',
    toxiproxy: images.toxiproxy.programs['toxiproxy-server'] ?? '',
    ip: 'ip',
    iptables: null,
    application: null,
  };
  const job: Omit<CaseJob, 'containers'> = {
    module: new URL('./group.cases.ts', import.meta.url).href,
    name: 'stands',
    scratch: SCRATCH_INSIDE,
    logs,
    tools: { ...tools, iptables: 'iptables' },
  };
  const compiled = compileCache(cacheDirectory(process.env));
  const startedAt = monotonicMs();
  const lab = await startLabContainer(place, {
    args: (inside) => [
      '--disable-warning=ExperimentalWarning',
      CASE_RUNNER,
      JSON.stringify({ ...job, containers: inside }),
    ],
    environment: compiled.environment,
    folders: [
      ...sharedFolders({ file: '', dir: logs, cache: logs, clockLibrary: null, tools }),
      compiled.folder,
    ],
  });
  lab.stderr.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  const [line] = (await Promise.race([once(createInterface({ input: lab.stdout }), 'line'), lab.ended])) as [
    string,
  ];
  const readyMs = monotonicMs() - startedAt;
  if (line !== 'ready') throw new LabError(`expected the group to be ready, got ${line}`);
  lab.stdin.write('end\n');
  const toldAt = monotonicMs();
  await lab.ended;
  return { readyMs, tearDownMs: monotonicMs() - toldAt };
}

/** The same servers, each started when the one before is there. */
async function oneByOne(image: string): Promise<number> {
  const startedAt = monotonicMs();
  const network = await new Network().start();
  const started: { stop(): Promise<unknown> }[] = [];
  const start = async (name: string, command: string[], says: RegExp, file?: string) => {
    const container = new GenericContainer(image)
      .withNetwork(network)
      .withNetworkAliases(name)
      .withEntrypoint(['redis-server'])
      .withCommand(command)
      .withWaitStrategy(Wait.forLogMessage(says));
    if (file !== undefined)
      container.withCopyContentToContainer([{ content: file, target: command[0] ?? '' }]);
    started.push(await container.start());
  };
  const open = ['--protected-mode', 'no', '--save', ''];
  await start('redis-1', open, /Ready to accept connections/);
  for (const name of ['redis-2', 'redis-3'])
    await start(name, [...open, '--replicaof', 'redis-1', '6379'], /Ready to accept connections/);
  const sentinel = 'sentinel resolve-hostnames yes\nsentinel monitor lab redis-1 6379 2\n';
  for (const name of ['sentinel-1', 'sentinel-2', 'sentinel-3'])
    await start(name, ['/tmp/sentinel.conf', '--sentinel'], /\+monitor master/, sentinel);
  const tookMs = monotonicMs() - startedAt;
  await Promise.all(started.map((each) => each.stop()));
  await network.stop();
  return tookMs / 1000;
}
