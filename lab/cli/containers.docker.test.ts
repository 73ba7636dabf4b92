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

dockerTest(
  'a container that somebody else ends, ends the run with its name, exit code 3 and nothing left',
  { timeout: TIMEOUT_MS },
  async ({ daemon, own }) => {
    using lab = run(own.host, 'split-brain', '--variant', 'hardened');
    await lab.reaches('phase: disturb');
    const [victim] = await daemon.docker.listContainers({ filters: { name: ['-redis-3-'] } });
    await daemon.docker.getContainer(victim?.Id ?? '').kill();
    const { code, said } = await lab.ended;
    expect(said).toContain('the container of redis-3 ended in the middle of the run, and not by the lab');
    expect(code).toBe(3);
    await nothingLeft(daemon);
  },
);
