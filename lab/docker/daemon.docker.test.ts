import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { LabError } from '../common/errors.ts';
import { openDaemon, proveMounts, socketsOf } from './daemon.ts';
import { packedName } from './images.ts';
import { dockerTest } from './test-docker.ts';

const NOBODY = 65_534;

function folder(): string {
  const place = mkdtempSync(path.join(tmpdir(), 'lab-daemon-'));
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  return place;
}

/** What opening a daemon there is refused with. */
async function refusal(socket: string): Promise<LabError> {
  const error = await openDaemon({ DOCKER_HOST: `unix://${socket}` }).catch((reason: unknown) => reason);
  if (error instanceof LabError) return error;
  throw new Error(`expected a LabError, got ${error}`);
}

dockerTest('says where there is no daemon, and how to get one', async () => {
  const socket = path.join(folder(), 'docker.sock');
  const nothing = await refusal(socket);
  expect(nothing.message).toBe(
    `expected a Docker daemon at unix://${socket} (DOCKER_HOST), got no socket there`,
  );
  expect(nothing.details[0]).toContain('start it: sudo systemctl start docker');

  // The socket of a daemon that was killed stays.
  const script = `require('node:net').createServer().listen(process.argv[1], () => console.log('up'))`;
  const killed = spawn(process.execPath, ['-e', script, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(killed.stdout, 'data');
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  expect((await refusal(socket)).message).toContain('got nobody who answers there');
});

dockerTest('says who may not use the socket, and what helps', async () => {
  const place = folder();
  const socket = path.join(place, 'docker.sock');
  const server = createServer().listen(socket);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  chmodSync(place, 0o755);
  chmodSync(socket, 0o600);
  process.seteuid?.(NOBODY);
  const refused = await refusal(socket).finally(() => process.seteuid?.(0));
  expect(refused.message).toBe(
    `expected to be let in by the Docker daemon at unix://${socket} (DOCKER_HOST), got no permission`,
  );
  expect(refused.details.join()).toContain('usermod -aG docker');
});

dockerTest('gives up something that is no daemon', async () => {
  const socket = path.join(folder(), 'docker.sock');
  const server = createServer((connection) => connection.end('HTTP/1.1 200 OK\r\n\r\nhello')).listen(socket);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  expect((await refusal(socket)).message).toContain('got an answer that is no Docker daemon’s');
});

dockerTest('tells of the daemon, and where its socket is', async ({ daemon, own }) => {
  expect(daemon.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(['amd64', 'arm64']).toContain(daemon.arch);
  expect(daemon.rootless).toBe(false);
  const here = own.host.slice('unix://'.length);
  expect(socketsOf(daemon)).toEqual({ here, there: here });
  const far = { ...daemon, endpoint: { host: 'tcp://far:2375', from: 'DOCKER_HOST' } };
  expect(() => socketsOf(far)).toThrow(
    'expected a Docker daemon of this machine, got one over the network: tcp://far:2375 (DOCKER_HOST)',
  );
});

dockerTest('proves that the daemon sees our files', async ({ daemon, own }) => {
  await proveMounts(daemon, packedName('redis'));
  await expect(proveMounts(daemon, packedName('redis'), own.unseen)).rejects.toThrow(
    `expected a Docker daemon that sees this machine's files, got one that does not see ${own.unseen}`,
  );
});

dockerTest('the command line tells it with the right exit code', ({ own }) => {
  const lab = (args: readonly string[], DOCKER_HOST: string) => {
    const bin = path.join(import.meta.dirname, '../cli/bin.mjs');
    return spawnSync(process.execPath, [bin, ...args], {
      encoding: 'utf8',
      env: { ...process.env, DOCKER_HOST },
    });
  };
  const none = lab(['images'], 'unix:///nowhere/docker.sock');
  expect(none).toMatchObject({ status: 3, stdout: '' });
  expect(none.stderr).toContain('expected a Docker daemon at unix:///nowhere/docker.sock');
  expect(lab(['images'], 'nowhere')).toMatchObject({ status: 2, stdout: '' });
  const { status, stdout } = lab(['images', '--json'], own.host);
  expect(status).toBe(0);
  const { images } = JSON.parse(stdout) as { images: { role: string; reference: string }[] };
  expect(images).toContainEqual(
    expect.objectContaining({ role: 'redis', reference: packedName('redis'), from: 'packed' }),
  );
});
