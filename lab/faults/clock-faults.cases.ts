import assert from 'node:assert/strict';
import { monotonicMs } from '../common/clock.ts';
import { until } from '../common/until.ts';
import type { Case } from '../hosts/test-cases.ts';
import { type TestGroup, testGroup } from '../topology/test-group.ts';
import { faults } from './faults.ts';
import { heal, inject, mustBeRefused } from './test-inject.ts';

const SMALL = { replicas: 1, sentinels: 1 } as const;
const HOUR_MS = 3_600_000;
/** Between two readings on a machine that is busy. */
const NEAR_MS = 5000;

/** By how much a server's time of day is ahead of the lab's, by what the server itself says. */
async function aheadMs(group: TestGroup, node: string): Promise<number> {
  return Number(await group.info(node, 'server_time_usec')) / 1000 - Date.now();
}

async function mustBeAhead(group: TestGroup, node: string, byMs: number): Promise<void> {
  const ahead = await aheadMs(group, node);
  assert(Math.abs(ahead - byMs) < NEAR_MS, `${node} is ahead by ${ahead} ms, expected ${byMs}`);
}

const steps =
  (byMs: number): Case =>
  async (context) => {
    const group = await testGroup(context, SMALL);
    const injected = await inject(group, faults.stepClock({ on: 'node:redis-1', byMs }));
    assert.deepEqual(injected.targets, ['host-1']);
    await mustBeAhead(group, 'redis-1', byMs);
    // A host's clock is its own: the others' stay, and so does the time that passes.
    await mustBeAhead(group, 'redis-2', 0);
    const uptime = Number(await group.info('redis-2', 'uptime_in_seconds'));
    assert(uptime < HOUR_MS / 1000, `up for ${uptime} s`);
    await heal(injected);
    await mustBeAhead(group, 'redis-1', 0);
  };

export const cases: Readonly<Record<string, Case>> = {
  'a step sets one host’s clock forward, and the heal sets it right': steps(HOUR_MS),
  'a step sets it back': steps(-HOUR_MS),

  'a step on clients is seen by programs there': async (context) => {
    const group = await testGroup(context, SMALL, { clientHosts: ['client-1'] });
    const injected = await inject(group, faults.stepClock({ on: 'clients', byMs: HOUR_MS }));
    const seconds = Number(await group.host('client-1').run('date', ['+%s']));
    assert(Math.abs(seconds - (Date.now() + HOUR_MS) / 1000) < NEAR_MS / 1000, `${seconds} s`);
    await heal(injected);
  },

  'a step forward has keys expire at once': async (context) => {
    const group = await testGroup(context, SMALL);
    const { control } = group.node('redis-1');
    await control.set('key', 'x', 'PX', HOUR_MS / 2);
    await inject(group, faults.stepClock({ on: 'primary', byMs: HOUR_MS }));
    assert.equal(await control.exists('key'), 0);
  },

  'drift makes the clock gain, ever more': async (context) => {
    const group = await testGroup(context, SMALL);
    const injected = await inject(group, faults.driftClock({ on: 'primary', rate: 3 }));
    const ahead = async () => (await aheadMs(group, 'redis-1')) > 1000;
    await until(ahead, { what: 'the clock to have gained a second', withinMs: 30_000 });
    await heal(injected);
    await mustBeAhead(group, 'redis-1', 0);
  },

  'a clock that stands still shows the same time again': async (context) => {
    const group = await testGroup(context, SMALL);
    const injected = await inject(group, faults.driftClock({ on: 'primary', rate: 0 }));
    const shown = await group.info('redis-1', 'server_time_usec');
    const behind = async () => (await aheadMs(group, 'redis-1')) < -500;
    await until(behind, { what: 'the clock to be behind', withinMs: 30_000 });
    assert.equal(await group.info('redis-1', 'server_time_usec'), shown);
    // What waits by the monotonic clock goes on.
    assert.equal(await group.node('redis-1').control.ping(), 'PONG');
    await heal(injected);
  },

  'a leap second is a second that comes twice': async (context) => {
    const group = await testGroup(context, SMALL);
    const startedAt = monotonicMs();
    const before = Number(await group.info('redis-1', 'server_time_usec'));
    const injected = await inject(group, faults.stepClock({ on: 'primary', byMs: -1000 }));
    const again = Number(await group.info('redis-1', 'server_time_usec'));
    const wentByUs = (monotonicMs() - startedAt) * 1000;
    assert(again - before < wentByUs - 500_000, `${again - before} µs of ${wentByUs} µs went by`);
    await heal(injected);
  },

  'a server that is not on the lab’s clock is found out': async (context) => {
    const group = await testGroup(context, SMALL);
    const { control } = group.node('redis-1');
    const info = control.info.bind(control);
    // As one that is linked statically: it tells the machine’s time whatever the host’s clock shows.
    control.info = (async () =>
      (await info()).replace(
        /^server_time_usec:\d+/m,
        () => `server_time_usec:${Date.now() * 1000}`,
      )) as never;
    await mustBeRefused(
      group,
      faults.stepClock({ on: 'primary', byMs: HOUR_MS }),
      /redis-1 -?\d+ ms \(it does not notice/,
    );
  },

  'the Sentinel that is elected dies, and another one leads the failover': async (context) => {
    const group = await testGroup(context, { timing: { failoverTimeoutMs: 1000 } });
    const killed = await inject(group, faults.kill('primary'));
    const injected = await inject(group, faults.killLeader({ withinMs: 60_000 }));
    const [dead = ''] = injected.targets;
    assert.match(dead, /^sentinel-\d$/);
    assert.equal(injected.targets.length, 1);
    assert.notEqual(group.node(dead).process?.exit, null);
    const roles = async () =>
      (await Promise.all(['redis-2', 'redis-3'].map((name) => group.info(name, 'role')))).sort().join();
    const isReplaced = async () => (await roles()).includes('master');
    await until(isReplaced, { what: 'a replica to be promoted by the others', withinMs: 60_000 });
    await heal(injected);
    await heal(killed);
  },

  'nobody to lead: the fault proves nothing': async (context) => {
    const group = await testGroup(context, SMALL);
    await mustBeRefused(group, faults.killLeader({ withinMs: 200 }), /no Sentinel was elected within 200 ms/);
    // And the order is taken back: a failover that comes later is led to its end.
    assert.equal(await group.node('sentinel-1').control.ping(), 'PONG');
  },
};
