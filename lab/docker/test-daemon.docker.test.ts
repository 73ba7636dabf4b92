import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { until } from '../common/until.ts';
import { dockerTest } from './test-docker.ts';

dockerTest('the tests’ daemon leaves nothing when the tests are killed', async ({ own }) => {
  expect(existsSync(own.host.slice('unix://'.length))).toBe(true);
  const folder = mkdtempSync(path.join(tmpdir(), 'lab-killed-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const owner = spawn(process.execPath, [path.join(import.meta.dirname, 'test-daemon-owner.ts')], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  const { pid, container } = JSON.parse(line.toString()) as { pid: number; container: string };
  const cgroups = () => globSync(`/sys/fs/cgroup/{,*/}failover-lab-test-*/${container}`);
  expect(cgroups()).not.toEqual([]);
  expect(readdirSync(folder)).toHaveLength(1);

  owner.kill('SIGKILL');
  await until(() => readdirSync(folder).length === 0, { what: 'the directory to go', withinMs: 20_000 });
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  expect(cgroups()).toEqual([]);
});
