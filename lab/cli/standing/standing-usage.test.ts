import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from '../main.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'lab-standing-'));
  vi.stubEnv('XDG_STATE_HOME', dir);
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

async function lab(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' };
  const code = await main(args, {
    stdout: { write: (text: string) => (said.stdout += text) },
    stderr: { write: (text: string) => (said.stderr += text) },
  });
  return { code, ...said };
}

it.each([
  [['up', 'sentinal'], 'did you mean "sentinel"?'],
  [['up', 'sentinel', '--primaries', '2'], '--primaries: sentinel has no such option'],
  [['up', 'cluster', '--primaries', '2'], 'primaries'],
  [['up', 'sentinel', '--replicas', 'two'], 'Expected a whole number'],
  [['up', 'split-brain', '--replicas', '2'], '--replicas: a file or scenario has no such option'],
  [['up', 'sentinel', '--load', 'own'], '--load own: expected a scenario'],
  [['up', 'sentinel', '--set', 'maxmemory'], 'expected a setting, as maxmemory=10mb'],
  [['up', 'sentinel', '--variant', 'hardened'], '--variant: expected a scenario'],
  [['up', 'split-brain', '--variant', 'only-luck'], 'only-luck'],
  [['up', './nothing.ts'], 'there is no file'],
  [['up', 'sentinel', '--name', '../x'], '--name: expected small letters'],
  [['up', 'sentinel', '--name', 'x'.repeat(120)], 'bytes'],
  [['up', 'sentinel', '--port', '70000'], 'Expected a port'],
  [['up'], "missing required argument 'what'"],
  [['fault', 'kil', 'primary'], 'did you mean "kill"?'],
  [['heal'], 'no lab called "lab" stands'],
  [['exec', 'host-1', '--', 'true'], 'no lab called "lab" stands'],
  [['down', '--name', 'x'], 'no lab called "x" stands'],
  [['run', 'split-brain', '--port', '4000'], '--port: expected --watch beside it'],
])('lab %j: %s', async (args, message) => {
  const { code, stderr } = await lab(...args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

it('lab fault alone says which there are', async () => {
  const { code, stdout } = await lab('fault');
  expect([code, stdout]).toEqual([0, expect.stringContaining('  latency FROM TO --latencyMs VALUE [')]);
});
