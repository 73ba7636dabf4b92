import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type Docker from 'dockerode';
import { LabError } from '../common/errors.ts';
import { bindMount } from '../docker/bind-mount.ts';
import { runOnce } from '../docker/run-once.ts';
import { sharedFolders } from '../run/shared-folders.ts';
import type { FeatureSet } from '../tools/servers/ask-features.ts';
import { askedServers } from '../tools/servers/asked-servers.ts';

export interface ImageFeaturesOptions {
  /** The server's image, and one with Node. */
  images: { redis: string; node: string };
  /** A directory of this machine that the daemon sees. */
  folder: string;
  /** On the servers' containers, for the sweep. */
  labels: Readonly<Record<string, string>>;
}

const PORTS = { server: 6379, 'cluster node': 6380, sentinel: 26379 };
const BUS = 16380;

const ASKING = new URL(`../tools/servers/ask-features${path.extname(import.meta.filename)}`, import.meta.url);
const SCRIPT = `const { askFeatures } = await import(${JSON.stringify(ASKING.href)});
console.log(JSON.stringify(await askFeatures(${JSON.stringify(PORTS)})));`;

/**
 * Asks the server in an image what it offers, as `probeFeatures` asks a binary: three containers on one loopback without a
 * network, and one of Node's that asks them. Takes a second or two. Throws LabError when they cannot be asked.
 */
export async function imageFeatures(
  docker: Docker,
  { images, folder, labels }: ImageFeaturesOptions,
): Promise<FeatureSet> {
  const dir = mkdtempSync(path.join(folder, 'features-'));
  chmodSync(dir, 0o777);
  const running: Docker.Container[] = [];
  try {
    for (const { file, text, args } of Object.values(askedServers(PORTS, BUS, dir))) {
      writeFileSync(file, text);
      chmodSync(file, 0o666);
      const [first] = running;
      const container = await docker.createContainer({
        Image: images.redis,
        Entrypoint: ['redis-server'],
        Cmd: [...args],
        Labels: { ...labels },
        HostConfig: {
          NetworkMode: first === undefined ? 'none' : `container:${first.id}`,
          Mounts: [bindMount(dir, false)],
        },
      });
      running.push(container);
      await container.start();
    }
    const node = ['node', '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', SCRIPT];
    const folders = sharedFolders({
      file: '',
      dir,
      cache: dir,
      clockLibrary: null,
      tools: { redisServer: '', toxiproxy: '', ip: '', iptables: null, application: null },
    });
    const { code, output } = await runOnce(docker, images.node, node, {
      NetworkMode: `container:${running[0]?.id}`,
      Mounts: folders.map(({ path, readOnly }) => bindMount(path, readOnly)),
    });
    if (code !== 0) throw new LabError(`the server of ${images.redis} could not be asked: ${output.trim()}`);
    return JSON.parse(output) as FeatureSet;
  } finally {
    await Promise.all(running.map((container) => container.remove({ force: true, v: true }).catch(() => {})));
    rmSync(dir, { recursive: true, force: true });
  }
}
