import { statSync } from 'node:fs';
import path from 'node:path';
import { writeWholeFile } from '../../reports/reporters/write-file.ts';
import { LabError, UsageError } from '../common/errors.ts';
import { type Daemon, openDaemon, proveMounts, socketsOf } from '../docker/daemon.ts';
import { type ImageRole, images } from '../docker/images.ts';
import type { DockerPlace } from '../docker/lab-container.ts';
import { ORDINARY_USER, SCRATCH_INSIDE } from '../docker/lab-job.ts';
import { subnetPool } from '../docker/lab-network.ts';
import { OWNER_LABEL } from '../docker/labels.ts';
import { ownerLabel } from '../docker/owner.ts';
import { reaperLabels } from '../docker/reaper.ts';
import { sweep } from '../docker/sweep.ts';
import { remembered, type UsableImage, usableImages } from '../docker/usable-images.ts';
import { CARRIED_INSIDE } from '../hosts/container-starter.ts';
import { cacheDirectory } from '../tools/cache-directory.ts';
import type { FeatureSet } from '../tools/servers/ask-features.ts';
import { GENERATION } from '../tools/servers/inspect-server.ts';
import { imageFeatures } from './image-features.ts';
import type { Machine, MachineOptions } from './machine.ts';
import { libraryIf } from './machine-clock.ts';
import { makeDirectory } from './make-directory.ts';
import { dependencyVersion, packageVersion } from './package-root.ts';

const versionNames: Partial<Record<ImageRole, string>> = {
  toxiproxy: 'toxiproxy-server',
  net: 'iptables',
};

/** What the containers backend takes from the caller's machine. */
type ContainersOptions = Pick<MachineOptions, 'redis' | 'application' | 'labClock' | 'say'>;

/**
 * Finds the daemon and the images that runs in containers need, before anything is started, and removes what killed
 * labs left. UsageError for a `redis` that names no image, LabError with what can be done when something is missing.
 */
export async function containersMachine(options: ContainersOptions): Promise<Machine> {
  const { redis, application = true, labClock = 'none', say } = options;
  if (redis !== undefined && /^[./~]/.test(redis))
    throw new UsageError(
      `--redis: expected an image or a name as valkey:9 with --backend containers, got the path ${redis}`,
    );
  const pool = subnetPool();
  const daemon = await openDaemon();
  const sockets = socketsOf(daemon);
  const roles: ImageRole[] = ['redis', 'toxiproxy', 'node', 'net'];
  if (application) roles.push('postgres', 'k6');
  const usable = await usableImages(daemon, roles, redis === undefined ? {} : { chosen: { redis } }, say);
  const references = Object.fromEntries(usable.map(({ role, reference }) => [role, reference])) as Record<
    ImageRole,
    string
  >;
  const [reaped] = await Promise.all([
    reaperLabels(daemon, process.env, say),
    proveMounts(daemon, references.node, cacheOf()),
    sweep(daemon),
  ]);
  const redisImage = usable.find(({ role }) => role === 'redis');
  const server = serverIn(redisImage);
  const asking = { images: references, folder: cacheOf(), labels: { [OWNER_LABEL]: ownerLabel() } };
  const features = await remembered(`features ${GENERATION} ${redisImage?.id}`, async () =>
    JSON.stringify(await imageFeatures(daemon.docker, asking)),
  )
    .then((text) => JSON.parse(text) as FeatureSet)
    .catch(() => null);
  const program = (role: ImageRole, name: string) => images[role].programs[name] ?? name;
  return {
    place: {
      backend: 'containers',
      ...placeOf(daemon, sockets),
      images: references,
      pool,
      passwd: passwdFile(),
      labels: { [OWNER_LABEL]: ownerLabel(), ...reaped },
    },
    tools: {
      redisServer: program('redis', 'redis-server'),
      toxiproxy: program('toxiproxy', 'toxiproxy-server'),
      iptables: program('net', 'iptables'),
      ip: program('net', 'ip'),
      application: application
        ? { postgres: program('postgres', 'postgres'), k6: `${CARRIED_INSIDE}/k6` }
        : null,
    },
    server: { ...server, features },
    versions: {
      'failover-lab': packageVersion(),
      ioredis: dependencyVersion('ioredis'),
      docker: daemon.version,
      [`${server.product}-server`]: server.version,
      ...Object.fromEntries(
        usable
          .filter(({ role }) => role !== 'redis')
          .map(({ role, version }) => [versionNames[role] ?? role, version]),
      ),
      'redis image': references.redis,
    },
    scratch: SCRATCH_INSIDE,
    cache: cacheOf(),
    clockLibrary: await libraryIf(labClock),
  };
}

/** It is mounted into containers, so it has to be there. */
function cacheOf(): string {
  const cache = cacheDirectory(process.env);
  makeDirectory(cache);
  return cache;
}

/** Names whoever programs may run as. */
function passwdFile(): string {
  const file = path.join(cacheOf(), 'passwd');
  const users = new Set([ORDINARY_USER, `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`]);
  users.delete('0:0');
  const lines = [...users].map((ids, i) => `lab${i + 1}:x:${ids}::/:/bin/false`);
  writeWholeFile(file, ['root:x:0:0::/root:/bin/sh', ...lines, ''].join('\n'));
  return file;
}

function placeOf(
  { rootless }: Daemon,
  { here, there }: ReturnType<typeof socketsOf>,
): Omit<DockerPlace, 'images' | 'passwd' | 'labels' | 'pool'> {
  // Root in a container is the caller where the daemon maps users; elsewhere what it writes would be root's.
  const isMapped = here !== there || rootless;
  const uid = process.getuid?.() ?? 0;
  return {
    socket: here,
    daemonSocket: there,
    user: isMapped || uid === 0 ? null : `${uid}:${process.getgid?.() ?? 0}`,
    socketGroup: isMapped || uid === 0 ? null : statSync(here).gid,
  };
}

/** Whose server an image holds, by its own words. */
function serverIn(image: UsableImage | undefined): Omit<Machine['server'], 'features'> {
  const [, name, version] = /^(Redis|Valkey) server v=(\d+\.\d+\.\d+)/.exec(image?.says ?? '') ?? [];
  if (version === undefined)
    throw new LabError(
      `expected redis-server in the image ${image?.reference} to say its version, got: ${image?.says}`,
    );
  return { product: name === 'Valkey' ? 'valkey' : 'redis', version };
}
