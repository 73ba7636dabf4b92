import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sleep } from '../common/clock.ts';
import { until } from '../common/until.ts';
import { cacheDirectory } from '../tools/cache-directory.ts';
import { TestDirectory } from './test-lab.ts';

let directory: TestDirectory;
beforeEach(() => {
  directory = new TestDirectory();
});
afterEach(() => directory.remove());

const run = (scenario = 'split-brain') => directory.lab('run', scenario, '--variant', 'vulnerable');
/** With PostgreSQL, instances and k6, which have directories and children of their own. */
const WITH_APPLICATION = 'failover-logs-out';
const nothingLeft = async () => {
  await until(() => directory.leftovers().length === 0, { what: 'everything to end', withinMs: 20_000 });
  const sandbox = path.join(cacheDirectory(process.env), 'sandbox');
  expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(sandbox);
  if (existsSync(sandbox)) expect(readdirSync(sandbox)).toEqual([]);
};

describe('killed by SIGKILL', () => {
  it.each([120, 250, 400, 600])('leaves nothing %i ms after its start', async (ms) => {
    const lab = run();
    await sleep(ms);
    lab.process.kill('SIGKILL');
    await lab.ended();
    await nothingLeft();
  });

  it.each(['phase: provision', 'phase: warm up', 'fault in force'])(
    'leaves nothing after "%s"',
    async (text) => {
      const lab = run();
      await lab.printed(text);
      expect(directory.leftovers().length).toBeGreaterThan(1);
      lab.process.kill('SIGKILL');
      expect(await lab.ended()).toBe('SIGKILL');
      await nothingLeft();
    },
  );

  it.each([150, 300, 500])('leaves nothing of an application %i ms after its start', async (ms) => {
    const lab = run(WITH_APPLICATION);
    await sleep(ms);
    lab.process.kill('SIGKILL');
    await lab.ended();
    await nothingLeft();
  });

  it.each(['phase: disturb', 'fault in force'])(
    'leaves nothing of an application after "%s"',
    async (text) => {
      const lab = run(WITH_APPLICATION);
      await lab.printed(text, 30_000);
      const names = directory.leftovers().join('\n');
      for (const name of ['postgres', 'k6', 'app-1']) expect(names).toContain(name);
      lab.process.kill('SIGKILL');
      expect(await lab.ended()).toBe('SIGKILL');
      await nothingLeft();
    },
  );

  it('leaves nothing when what is killed is the older Node that started it', async () => {
    const bin = path.join(import.meta.dirname, 'bin.mjs');
    const child = spawn(process.execPath, [bin, 'run', 'split-brain', '--variant', 'vulnerable'], {
      cwd: directory.path,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      env: { ...process.env, FAILOVER_LAB_LIFELINE: '3' },
    });
    const ended = once(child, 'exit');
    await until(() => directory.leftovers().length > 6, { what: 'servers', withinMs: 30_000 });
    child.stdio[3]?.destroy();
    expect((await ended)[0]).toBe(137);
    await nothingLeft();
  });
});

describe('asked to end', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    'by %s it undoes everything, reports what there is, and exits with %i',
    async (signal, code) => {
      const lab = run();
      await lab.printed('fault in force');
      lab.process.kill(signal);
      // Starters such as npm pass a signal on that we have got already.
      lab.process.kill(signal);
      expect(await lab.ended()).toBe(code);
      await nothingLeft();
      expect(lab.stdout()).toContain(`interrupted by ${signal}`);
      const folder = directory.folders().find((name) => name.endsWith('vulnerable')) ?? '';
      const dir = path.join(directory.path, 'failover-lab-runs', folder);
      const record = JSON.parse(readFileSync(path.join(dir, 'run.json'), 'utf8'));
      expect(record).toMatchObject({ outcome: 'lab-failed', reason: `interrupted by ${signal}` });
      expect(record.seen.faults).toHaveLength(1);
      expect(existsSync(path.join(dir, 'report.html'))).toBe(true);
    },
  );

  it('twice it kills, and still says which run that was', async () => {
    const lab = run();
    await lab.printed('phase: provision');
    lab.process.kill('SIGINT');
    await sleep(110);
    lab.process.kill('SIGINT');
    expect(await lab.ended()).toBe(130);
    await nothingLeft();
  });
});
