import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { until } from '../../common/until.ts';
import { TestDirectory, type TestLab } from '../test-lab.ts';

let directory: TestDirectory;
beforeEach(() => {
  directory = new TestDirectory();
  // The labs' sockets lie in the test's own directory.
  vi.stubEnv('XDG_STATE_HOME', path.join(directory.path, 's'));
});
afterEach(() => {
  directory.remove();
  vi.unstubAllEnvs();
});

const socket = () => path.join(directory.path, 's/failover-lab/standing/lab.sock');
const BIN = path.join(import.meta.dirname, '../bin.mjs');

/** What a command that ends by itself says and exits with. */
async function lab(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const run = directory.lab(...args);
  const code = await run.ended();
  return { code, stdout: run.stdout(), stderr: run.stderr() };
}

async function up(...args: string[]): Promise<TestLab> {
  const run = directory.lab('up', ...args);
  await run.printed('the lab stands', 30_000);
  return run;
}

const nothingLeft = () =>
  until(() => directory.leftovers().length === 0, { what: 'everything to end', withinMs: 20_000 });

describe('a lab that stands', () => {
  it('is looked at, broken, entered, healed and ended from another terminal', {
    timeout: 90_000,
  }, async () => {
    const standing = await up('sentinel', '--replicas', '1');
    expect(statSync(socket()).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(socket())).mode & 0o777).toBe(0o700);

    const status = JSON.parse((await lab('status', '--json')).stdout);
    expect(status).toMatchObject({ name: 'lab', phase: 'disturb', faults: [] });
    expect(status.nodes).toContainEqual(expect.objectContaining({ name: 'redis-1', role: 'primary' }));
    expect(status.nodes).toContainEqual(expect.objectContaining({ name: 'sentinel-1', role: 'up' }));

    const second = await lab('up', 'sentinel');
    expect(second).toMatchObject({ code: 2, stderr: expect.stringContaining('stands already') });

    const fault = await lab('fault', 'pause', 'a replica');
    expect(fault).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^pause-1 {2}in force: freeze redis-2 by SIGSTOP \(/),
    });
    expect((await lab('status')).stdout).toContain('redis-2     paused');

    const latency = await lab('fault', '--latencyMs', '50', 'latency', 'clients', 'primary', '--json');
    expect(latency.stderr).toContain('there is no fault "--latencyMs"');
    const slow = await lab('fault', 'latency', 'clients', 'primary', '--latency-ms', '50', '--json');
    expect(JSON.parse(slow.stdout).faults).toEqual([expect.objectContaining({ id: 'latency-2' })]);

    const wrong = await lab('fault', 'kill', 'redis-1');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "node:redis-1"') });
    const cluster = await lab('fault', 'forget', 'node:redis-1');
    expect(cluster).toMatchObject({ code: 2, stderr: expect.stringContaining('expected a cluster') });

    expect(await lab('heal', 'pause-7')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('pause-1'),
    });
    expect(await lab('heal', 'pause-1')).toMatchObject({
      code: 0,
      stdout: 'pause-1  healed: freeze redis-2 by SIGSTOP\n',
    });
    expect((await lab('heal')).stdout).toContain('latency-2  healed');
    expect((await lab('heal')).stdout).toBe('nothing was in force\n');

    const entered = (args: string[], input = '') =>
      spawnSync(process.execPath, [BIN, 'exec', ...args], { input, encoding: 'utf8' });
    expect(entered(['client-1', '--', 'cat', '-'], 'through').stdout).toBe('through');
    expect(entered(['redis-2', '--', 'ip', '-br', 'addr']).stdout).toContain('127.0.0.1');
    expect(entered(['host-1', '--', 'sh', '-c', 'exit 7']).status).toBe(7);
    expect(entered(['host-1', '--', 'sh', '-c', 'kill -9 $$']).status).toBe(137);
    const nowhere = entered(['host-9', '--', 'true']);
    expect([nowhere.status, nowhere.stderr]).toEqual([
      2,
      expect.stringContaining('there is no host "host-9"'),
    ]);
    expect(entered(['host-1']).status).toBe(2);

    const down = await lab('down');
    expect(down).toMatchObject({ code: 0, stdout: expect.stringContaining('report.html') });
    expect(await standing.ended()).toBe(0);
    const report = down.stdout.trim().slice('report: '.length);
    const run = JSON.parse(readFileSync(path.join(path.dirname(report), 'run.json'), 'utf8'));
    expect(run).toMatchObject({ manual: true, outcome: 'inconclusive' });
    expect(run.seen.faults.map(({ id }: { id: string }) => id)).toEqual(['pause-1', 'latency-2']);
    expect(run.checks.map(({ name }: { name: string }) => name)).toContain('set');
    expect(existsSync(report)).toBe(true);
    expect(existsSync(socket())).toBe(false);
    await nothingLeft();
    expect(await lab('status')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('lab up starts one'),
    });
  });

  it('goes on in the background', { timeout: 60_000 }, async () => {
    const started = await lab('up', 'standalone', '--detach', '--load', 'none', '--name', 'b');
    expect(started).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('the lab stands: http://127.0.0.1:'),
    });
    expect((await lab('status', '--name', 'b')).stdout).toContain('redis-1  primary');
    const again = await lab('up', 'standalone', '--detach', '--name', 'b');
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('stands already') });
    expect((await lab('down', '--name', 'b')).code).toBe(0);
    await nothingLeft();
  });

  it('killed by SIGKILL leaves nothing, and its name is free', { timeout: 60_000 }, async () => {
    const standing = await up('standalone');
    standing.process.kill('SIGKILL');
    expect(await standing.ended()).toBe('SIGKILL');
    await nothingLeft();
    expect(existsSync(socket())).toBe(true);
    expect((await lab('status')).code).toBe(2);
    const next = await up('standalone');
    next.process.kill('SIGINT');
    expect(await next.ended()).toBe(130);
    expect(next.stdout()).toContain('report: ');
    await nothingLeft();
  });

  it.each(['', 'starting'])('leaves nothing when Ctrl-C comes early (after "%s")', async (text) => {
    const standing = directory.lab('up', 'sentinel');
    await standing.printed(text);
    if (text === '') await until(() => existsSync(socket()), { what: 'a socket', withinMs: 10_000 });
    standing.process.kill('SIGINT');
    expect(await standing.ended()).toBe(130);
    await nothingLeft();
    expect(existsSync(socket())).toBe(false);
  });
});
