import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../common/until.ts';
import { findTools } from '../tools/find-tools.ts';
import { TestDirectory } from './test-lab.ts';

let directory: TestDirectory;
beforeEach(() => {
  directory = new TestDirectory();
});
afterEach(() => directory.remove());

it('--keep prints commands that work, and Ctrl-C ends it with a verdict', { timeout: 60_000 }, async () => {
  const lab = directory.lab('run', 'manual-failover', '--variant', 'hardened', '--keep');
  await lab.printed('nodes (host,', 40_000);
  const { 'redis-cli': redisCli } = await findTools(['redis-cli']);
  const commands = [...lab.stdout().matchAll(/nsenter .*/g)].map(([command]) => command);
  const outputs = commands.map((command) => {
    const isShell = command.endsWith(' bash');
    const runnable = command.replace(' redis-cli ', ` ${redisCli.path} `);
    return execFileSync('bash', ['-c', isShell ? `${runnable} -c 'cat /proc/net/dev'` : runnable], {
      encoding: 'utf8',
    });
  });
  expect(outputs).toEqual([
    expect.stringContaining('br0:'),
    expect.stringContaining('role:'),
    expect.stringMatching(/^(?![\s\S]*br0:)[\s\S]*eth0:/),
    'PONG\n',
  ]);
  lab.process.kill('SIGINT');
  expect(await lab.ended()).toBe(130);
  expect(lab.stdout()).toContain('as expected  manual-failover hardened');
  await until(() => directory.leftovers().length === 0, { what: 'everything to end', withinMs: 20_000 });
});
