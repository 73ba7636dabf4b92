import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UsageError } from '../common/errors.ts';
import { dockerEndpoint } from './endpoint.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'lab-endpoint-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function context(name: string, host: string): string {
  const sum = createHash('sha256').update(name).digest('hex');
  const folder = path.join(home, '.docker/contexts/meta', sum);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'meta.json'),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
  return path.join(home, '.docker/contexts/tls', sum, 'docker');
}

it('DOCKER_HOST comes before DOCKER_CONTEXT, and that before the chosen context', () => {
  context('colima', 'unix:///colima.sock');
  const certificates = context('far', 'tcp://far:2376');
  mkdirSync(certificates, { recursive: true });
  const at = (environment: NodeJS.ProcessEnv) => dockerEndpoint({ HOME: home, ...environment });
  writeFileSync(path.join(home, '.docker/config.json'), '{"currentContext":"colima"}');

  expect(at({})).toEqual({ host: 'unix:///colima.sock', from: 'the context colima' });
  expect(at({ DOCKER_CONTEXT: 'far' })).toEqual({
    host: 'tcp://far:2376',
    from: 'the context far',
    certificates,
  });
  expect(at({ DOCKER_CONTEXT: 'far', DOCKER_HOST: 'unix:///mine.sock' })).toEqual({
    host: 'unix:///mine.sock',
    from: 'DOCKER_HOST',
  });
  expect(at({ DOCKER_CONTEXT: 'default' }).from).toBe('Docker’s usual places');
  expect(() => at({ DOCKER_CONTEXT: 'gone' })).toThrow(UsageError);
  expect(() => at({ DOCKER_CONTEXT: 'gone' })).toThrow(/context named gone in .*\.docker, got none/);
});

it('takes a rootless daemon’s socket where the system has none', () => {
  const socket = path.join(home, 'docker.sock');
  writeFileSync(socket, '');
  const { host } = dockerEndpoint({ HOME: home, XDG_RUNTIME_DIR: home });
  expect([`unix://${socket}`, 'unix:///var/run/docker.sock']).toContain(host);
});

it('refuses an address that is none', () => {
  expect(() => dockerEndpoint({ DOCKER_HOST: '/var/run/docker.sock' })).toThrow(
    'DOCKER_HOST: expected an address as unix:///var/run/docker.sock, got /var/run/docker.sock',
  );
});
