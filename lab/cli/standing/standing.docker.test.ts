import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { until } from '../../common/until.ts';
import { RUN_LABEL } from '../../docker/labels.ts';
import { dockerTest } from '../../docker/test-docker.ts';
import { TestDirectory } from '../test-lab.ts';

const BIN = path.join(import.meta.dirname, '../bin.mjs');

dockerTest(
  'a lab of containers is looked at, broken, entered, healed and ended from another terminal',
  { timeout: 180_000 },
  async ({ daemon, own }) => {
    const directory = new TestDirectory();
    onTestFinished(() => directory.remove());
    vi.stubEnv('XDG_STATE_HOME', path.join(directory.path, 's'));
    vi.stubEnv('DOCKER_HOST', own.host);
    const standing = directory.lab('up', 'sentinel', '--replicas', '1', '--backend', 'containers');
    await standing.printed('the lab stands', 60_000);
    // Whoever asks need not know where the daemon is.
    vi.stubEnv('DOCKER_HOST', 'unix:///nowhere');
    const lab = (args: string[], input = '') => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
        input,
        encoding: 'utf8',
      });
      return { code: status, stdout, stderr };
    };
    const entered = (...args: string[]) => lab(['exec', ...args], 'through');

    expect(JSON.parse(lab(['status', '--json']).stdout).nodes).toContainEqual(
      expect.objectContaining({ name: 'redis-1', role: 'primary' }),
    );
    expect(entered('redis-2', '--', 'redis-cli', '-h', '127.1.0.11', 'PING').stdout).toBe('PONG\n');
    expect(entered('client-1', '--', 'redis-cli', '-h', '127.1.0.11', 'PING').stdout).toBe('PONG\n');
    expect(entered('client-1', '--', 'cat').stdout).toBe('through');
    expect(entered('host-1', '--', 'sh', '-c', 'exit 7').code).toBe(7);
    expect(entered('host-9', '--', 'true')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no host "host-9"'),
    });

    expect(lab(['fault', 'kill', 'node:redis-2'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^kill-1 {2}in force: .*redis-2 ended by SIGKILL/),
    });
    expect(lab(['status']).stdout).toMatch(/redis-2 +down/);
    // Its host is still there.
    expect(entered('redis-2', '--', 'redis-cli', '-h', '127.1.0.11', 'PING').stdout).toBe('PONG\n');
    expect(lab(['heal']).stdout).toContain('kill-1  healed');

    expect(lab(['down'])).toMatchObject({ code: 0, stdout: expect.stringContaining('report.html') });
    expect(await standing.ended()).toBe(0);
    const filters = { label: [RUN_LABEL] };
    await until(async () => (await daemon.docker.listNetworks({ filters })).length === 0, {
      what: 'its network to be gone',
      withinMs: 20_000,
    });
    expect(await daemon.docker.listContainers({ all: true, filters })).toEqual([]);
  },
);
