import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findTools } from '../tools/find-tools.ts';
import { TestDirectory } from './test-lab.ts';

let directory: TestDirectory;
beforeEach(() => {
  directory = new TestDirectory();
});
afterEach(() => directory.remove());

/** A server and a Sentinel that do not ask libc for the time, as ones that are linked statically. */
async function bypassing(): Promise<string> {
  const found = await findTools(['redis-server', 'redis-sentinel']);
  const dir = path.join(directory.path, 'bypassing');
  mkdirSync(dir);
  for (const [name, { path: real }] of Object.entries(found)) {
    const file = path.join(dir, name);
    writeFileSync(file, `#!/bin/sh\nunset LD_PRELOAD\nexec ${real} "$@"\n`);
    chmodSync(file, 0o755);
  }
  return dir;
}

it('a run at another speed says so everywhere, and what it really took', { timeout: 120_000 }, async () => {
  const json = path.join(directory.path, 'runs.json');
  const lab = directory.lab('run', 'tilt', '--variant', 'hardened', '--speed', '10', '--json', json);
  const code = await lab.ended();
  // On a machine that is too slow for it, it is inconclusive; never anything else.
  expect([0, 4]).toContain(code);
  expect(lab.stdout()).toContain('(production timing, speed 10, all times in lab time, seed ');
  const [run] = JSON.parse(readFileSync(json, 'utf8')).runs;
  expect(run).toMatchObject({ speed: 10 });
  expect(run.realDurationMs).toBeCloseTo(run.durationMs / 10, 3);
  // Half a minute of down-after and more: it cannot have been measured on real time.
  expect(run.durationMs).toBeGreaterThan(20_000);
  const [header = ''] = readFileSync(path.join(run.dir, 'history.jsonl'), 'utf8').split('\n');
  expect(JSON.parse(header)).toMatchObject({ speed: 10 });
  const page = readFileSync(path.join(run.dir, 'report.html'), 'utf8');
  expect(page).toContain('all times are lab time, which went 10 times as fast as real time');
});

it('a server that does not go by the lab’s clock ends the run, and says what to do', {
  timeout: 60_000,
}, async () => {
  const redis = await bypassing();
  const lab = directory.lab('run', 'split-brain', '--variant', 'hardened', '--speed', '5', '--redis', redis);
  expect(await lab.ended()).toBe(3);
  expect(lab.stdout()).toMatch(/does not go by the lab's clock: expected its time of day .*server_time_usec/);
  expect(lab.stdout()).toContain('use a redis-server that is linked dynamically');
});

it('beyond what any machine holds, a run is inconclusive', { timeout: 120_000 }, async () => {
  const lab = directory.lab('run', 'split-brain', '--variant', 'hardened', '--speed', '100');
  expect([3, 4]).toContain(await lab.ended());
  expect(lab.stdout()).toMatch(/the machine was too slow for speed 100|the lab failed/);
});
