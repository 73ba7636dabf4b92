import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { until } from '../common/until.ts';
import type { Daemon } from '../docker/daemon.ts';
import { RUN_LABEL } from '../docker/labels.ts';
import { dockerTest } from '../docker/test-docker.ts';

const BIN = path.join(import.meta.dirname, 'bin.mjs');
const TIMEOUT_MS = 180_000;

/** `lab run` on the tests' daemon, in a folder of its own. */
function run(host: string, ...args: string[]) {
  const out = mkdtempSync(path.join(tmpdir(), 'lab-containers-'));
  const child = spawn(process.execPath, [BIN, 'run', ...args, '--backend', 'containers', '--out', out], {
    env: { ...process.env, DOCKER_HOST: host },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const complaints = text(child.stderr);
  const ended = once(child, 'close').then(async ([code]) => ({ code, said, complaints: await complaints }));
  const reaches = (words: string) =>
    until(() => said.includes(words), { what: `the run to say ${words}`, withinMs: 60_000 });
  return { child, ended, reaches, [Symbol.dispose]: () => rmSync(out, { recursive: true, force: true }) };
}

async function left({ docker }: Daemon): Promise<number> {
  const filters = { label: [RUN_LABEL] };
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return containers.length + networks.length + (Volumes ?? []).length;
}

const nothingLeft = (daemon: Daemon) =>
  until(async () => (await left(daemon)) === 0, {
    what: 'everything of the lab to be gone',
    withinMs: 20_000,
    everyMs: 50,
  });

dockerTest('a Sentinel scenario is as expected', { timeout: TIMEOUT_MS }, async ({ daemon, own }) => {
  using lab = run(own.host, 'split-brain', '--variant', 'vulnerable');
  expect(await lab.ended).toMatchObject({ code: 0, said: expect.stringContaining('✓ as expected') });
  await nothingLeft(daemon);
});

dockerTest(
  'the application, its database and its users are in containers too',
  { timeout: TIMEOUT_MS },
  async ({ daemon, own }) => {
    using lab = run(own.host, 'failover-logs-out', '--variant', 'vulnerable');
    expect(await lab.ended).toMatchObject({ code: 0, said: expect.stringContaining('✓ as expected') });
    await nothingLeft(daemon);
  },
);

dockerTest(
  'nothing is left after a SIGKILL, without any reaper',
  { timeout: TIMEOUT_MS },
  async ({ daemon, own }) => {
    using lab = run(own.host, 'split-brain', '--variant', 'hardened');
    await lab.reaches('phase: disturb');
    expect(await left(daemon)).toBeGreaterThan(10);
    lab.child.kill('SIGKILL');
    await nothingLeft(daemon);
  },
);

/** What somebody else does to which container, and what is said of it. */
const foreign: readonly [name: string, order: 'kill' | 'stop' | 'pause', says: string][] = [
  ['redis-3-[0-9]+', 'kill', 'the container of redis-3 on host-3 '],
  ['redis-1-[0-9]+', 'stop', 'the container of redis-1 on host-1 was sent SIGTERM in the middle of the run'],
  ['redis-2-[0-9]+', 'pause', 'the container of redis-2 on host-2 was frozen in the middle of the run'],
  ['host-1-[0-9]+', 'kill', 'the container of the host host-1 '],
];
for (const [name, order, says] of foreign) {
  dockerTest(
    `${order} of ${name} by somebody else ends the run, which says so, with exit code 3 and nothing left`,
    { timeout: TIMEOUT_MS },
    async ({ daemon, own }) => {
      using lab = run(own.host, 'split-brain', '--variant', 'hardened');
      await lab.reaches('phase: disturb');
      const container = await ourContainer(daemon, `^/failover-lab-[0-9a-f]{8}-${name}$`);
      await container[order]();
      const { code, said } = await lab.ended;
      expect(said).toContain(says);
      expect(said).toContain(container.name);
      expect(code).toBe(3);
      await nothingLeft(daemon);
    },
  );
}

dockerTest(
  'without its own container the run ends with that container’s name, exit code 3 and nothing left',
  { timeout: TIMEOUT_MS },
  async ({ daemon, own }) => {
    using lab = run(own.host, 'split-brain', '--variant', 'hardened');
    await lab.reaches('phase: disturb');
    const container = await ourContainer(daemon, '^/failover-lab-[0-9a-f]{8}$');
    await container.kill();
    const { code, said } = await lab.ended;
    expect(said).toContain(`the run's container ${container.name} ended by SIGKILL`);
    expect(code).toBe(3);
    await nothingLeft(daemon);
  },
);

/** The one container of the labs' whose name matches. */
async function ourContainer({ docker }: Daemon, name: string) {
  const found = await docker.listContainers({ filters: { name: [name], label: [RUN_LABEL] } });
  const [{ Id, Names }] = found as [(typeof found)[number]];
  const container = docker.getContainer(Id);
  return {
    name: Names[0]?.slice(1) ?? '',
    kill: () => container.kill(),
    // It has been removed by the time it has stopped.
    stop: () => container.stop().catch(() => {}),
    pause: () => container.pause(),
  };
}
