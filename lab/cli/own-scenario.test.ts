import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LabError, UsageError } from '../common/errors.ts';
import { until } from '../common/until.ts';
import type { RunEvent } from '../run/events.ts';
import { runScenario } from './run-scenario.ts';
import { TestDirectory } from './test-lab.ts';

let directory: TestDirectory;
beforeEach(() => {
  directory = new TestDirectory();
});
afterEach(() => directory.remove());

/** A scenario outside of the lab. Nothing breaks in it, so a claim that writes are lost does not come true. */
function mine(verdict: 'valid' | 'invalid', redis = '{}'): string {
  const file = path.join(directory.path, 'mine.scenario.ts');
  writeFileSync(
    file,
    `import { addToSet, at, checks, defineScenario, faults, schedule, sentinel } from 'failover-lab';
export default defineScenario({
  name: 'mine', title: 'Mine', claim: 'It is ${verdict}.', advice: 'None.', settings: [],
  variants: { vulnerable: 'a', hardened: 'b' },
  experiment: () => ({
    topology: sentinel({ redis: ${redis} }),
    workloads: [addToSet({ name: 'adds', on: 'client-1', clients: 1, rate: { perSecond: 200 } })],
    nemesis: schedule(at(100).inject(faults.latency({ from: 'node:redis-1', to: 'node:redis-2', latencyMs: 5 })).for(100)),
    checks: [checks.set()],
    expect: [{ check: 'set', verdict: '${verdict}', because: 'it says so' }],
  }),
});
`,
  );
  return file;
}

it('a file of one’s own runs from anywhere: its claim true is 0, false is 1', {
  timeout: 60_000,
}, async () => {
  mine('valid');
  const good = directory.lab('run', './mine.scenario.ts', '--variant', 'hardened');
  expect(await good.ended()).toBe(0);
  mine('invalid');
  const bad = directory.lab('run', './mine.scenario.ts', '--variant', 'hardened');
  expect(await bad.ended()).toBe(1);
  expect(bad.stdout()).toContain('NOT AS EXPECTED');
});

it('a directive that Redis refuses is 3, with its own words', { timeout: 60_000 }, async () => {
  mine('valid', "{ 'no-such-directive': 'yes' }");
  const lab = directory.lab('run', './mine.scenario.ts', '--variant', 'hardened');
  expect(await lab.ended()).toBe(3);
  expect(lab.stdout()).toContain('no-such-directive');
  await until(() => directory.leftovers().length === 0, { what: 'everything to end', withinMs: 20_000 });
});

it('runScenario resolves with what came of it, and leaves a whole folder', { timeout: 60_000 }, async () => {
  const seen: RunEvent['type'][] = [];
  const result = await runScenario(mine('invalid'), {
    variant: 'vulnerable',
    seed: 3,
    out: directory.path,
    onEvent: ({ type }) => seen.push(type),
  });
  expect(result).toMatchObject({ outcome: 'unexpected', record: { seed: 3, variant: 'vulnerable' } });
  expect(JSON.parse(readFileSync(path.join(result.dir, 'run.json'), 'utf8')).reason).toBe(result.reason);
  expect(seen[0]).toBe('run-started');
  expect(seen.at(-1)).toBe('run-ended');
});

it('runScenario stops when its signal is aborted', { timeout: 60_000 }, async () => {
  const abort = new AbortController();
  const result = await runScenario(mine('valid'), {
    variant: 'vulnerable',
    out: directory.path,
    signal: abort.signal,
    onEvent: ({ type }) => type === 'progress' && abort.abort(new LabError('enough')),
  });
  expect(result).toMatchObject({ outcome: 'lab-failed', reason: 'enough' });
});

it('runScenario refuses what makes no sense', async () => {
  const out = directory.path;
  await expect(runScenario('split-brian', { variant: 'hardened', out })).rejects.toThrow(UsageError);
  await expect(runScenario('split-brain', { variant: 'hardened', out, seed: 1.5 })).rejects.toThrow('seed');
  // @ts-expect-error: a caller without types
  await expect(runScenario('split-brain', { variant: 'hardend', out })).rejects.toThrow('"hardened"');
});

it('a run that has told everything and does not end is ended', { timeout: 60_000 }, async () => {
  const file = mine('valid');
  const never =
    "if (process.env.FAILOVER_LAB_RUN) process.on('exit', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));\n";
  writeFileSync(file, readFileSync(file, 'utf8') + never);
  const { outcome } = await runScenario(file, { variant: 'hardened', out: directory.path });
  expect(outcome).toBe('as-expected');
  await until(() => directory.leftovers().length === 0, { what: 'everything to end', withinMs: 20_000 });
});
