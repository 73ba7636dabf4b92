import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { monotonicMs, sleep } from '../common/clock.ts';
import { withLock } from './lock.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lab-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

it('lets one work at a time, and the next after an error too', async () => {
  const file = join(directory, 'deep', 'lock');
  let inside = 0;
  const work = async () => {
    inside += 1;
    expect(inside).toBe(1);
    await sleep(30);
    inside -= 1;
    throw new Error('failed');
  };
  const ends = await Promise.allSettled([withLock(file, work), withLock(file, work), withLock(file, work)]);
  expect(ends.map((end) => end.status === 'rejected' && String(end.reason))).toEqual(
    Array(3).fill('Error: failed'),
  );
});

it('does not stay stuck when its holder is killed', async () => {
  const file = join(directory, 'lock');
  const program = `const { withLock } = await import(${JSON.stringify(new URL('./lock.ts', import.meta.url))});
    await withLock(${JSON.stringify(file)}, async () => {
      console.log('held');
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  let killedAt = 0;
  const onWait = () => {
    killedAt = monotonicMs();
    holder.kill('SIGKILL');
  };
  await withLock(file, async () => {}, { onWait });
  expect(killedAt).toBeGreaterThan(0);
  // It holds it for a minute, if it is let.
  expect(monotonicMs() - killedAt).toBeLessThan(15_000);
});

it('says that the cache cannot be written', async () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  await expect(withLock(join(file, 'lock'), async () => {})).rejects.toThrow(
    'expected a cache that can be written',
  );
});
