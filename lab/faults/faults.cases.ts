import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { monotonicMs, sleep } from '../common/clock.ts';
import { prng } from '../common/prng.ts';
import { until } from '../common/until.ts';
import type { Case } from '../hosts/test-cases.ts';
import { type TestGroup, testGroup } from '../topology/test-group.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults.ts';
import { heal, inject, mustBeRefused } from './test-inject.ts';

/** One primary and one replica with a Sentinel: enough where nothing fails over. */
const SMALL = { replicas: 1, sentinels: 1 } as const;

const answers = async (group: TestGroup, node: string) =>
  (await Promise.race([
    group
      .node(node)
      .control.ping()
      .catch(() => null),
    sleep(150),
  ])) === 'PONG';

/** For all that it may be late on a busy machine. */
const mustAnswer = (group: TestGroup, node: string) =>
  until(() => answers(group, node), { what: `${node} to answer`, withinMs: 5000 });

const refusesAsBusy = (group: TestGroup, node: string) =>
  group
    .node(node)
    .control.ping()
    .then(
      () => false,
      (error: Error) => error.message.startsWith('BUSY'),
    );

const kill = async (group: TestGroup, node: string) => {
  const { process } = group.node(node);
  process?.signal('SIGKILL');
  await process?.exited;
};

/** "1>2": from host-1 nothing on host-2 is reached, by fresh connections over every link; asked three times, for the machine may be busy. */
async function silentPairs(group: TestGroup): Promise<string> {
  const links = group.mesh.links();
  let silentLinks = links;
  for (const withinMs of [150, 150, 500]) {
    const trips = await group.mesh.roundTrips(silentLinks, withinMs);
    silentLinks = silentLinks.filter((_, i) => trips[i] === null);
  }
  const short = (host: string) => host.replace(/^(host|client)-/, (_, kind) => (kind === 'host' ? '' : 'c'));
  const pairs = Map.groupBy(links, (link) => {
    const target = group.book.node(link.node).host;
    return `${short(link.observer)}>${short(target)}`;
  });
  const silent = [...pairs].filter(([, own]) => own.every((link) => silentLinks.includes(link)));
  return silent
    .map(([pair]) => pair)
    .sort()
    .join(' ');
}

/** A fault that cuts links, and which pairs of hosts it must silence, no more and no less. */
const cuts =
  (fault: Fault, pairs: string): Case =>
  async (context) => {
    const group = await testGroup(context, {}, { clientHosts: ['client-1'] });
    assert.equal(await silentPairs(group), '');
    const injected = await inject(group, fault);
    assert.equal(await silentPairs(group), pairs);
    await heal(injected);
    assert.equal(await silentPairs(group), '');
  };

/** A toxic on the links host-2 → host-1: what it must do, and that it is refused on dead links and without toxics. */
const poisons =
  (fault: Fault, slowerThanMs: number): Case =>
  async (context) => {
    const group = await testGroup(context, SMALL);
    const links = group.mesh.links().filter((link) => link.observer === 'host-2' && link.node === 'redis-1');
    const trip = async () => (await group.mesh.roundTrips(links, 2000, 2000))[0] ?? null;
    const injected = await inject(group, fault);
    const slow = await trip();
    assert(slow === null || slow >= slowerThanMs, `took ${slow} ms`);
    await heal(injected);
    const isFast = async () => ((await trip()) ?? Infinity) < Math.max(100, slowerThanMs);
    await until(isFast, { what: 'the link to be as fast as before', withinMs: 5000 });

    const sidecar = group.mesh.sidecar('host-2');
    const { add } = sidecar;
    sidecar.add = async () => {};
    await mustBeRefused(group, fault, /./);
    sidecar.add = add;
    const cut = await inject(group, faults.cut({ from: 'host:host-2', to: 'host:host-1' }));
    await mustBeRefused(group, fault, /no link answered|0 answered before/);
    await cut.heal();
  };

const SLOW_LINK = { from: 'host:host-2', to: 'host:host-1' } as const;

export const cases: Readonly<Record<string, Case>> = {
  'kill ends a process, and its heal starts it again': async (context) => {
    const group = await testGroup(context, SMALL);
    const injected = await inject(group, faults.kill('primary'));
    assert.deepEqual(injected.targets, ['redis-1']);
    assert.deepEqual(group.node('redis-1').process?.exit, { code: null, signal: 'SIGKILL' });
    assert(!(await answers(group, 'redis-1')));
    await heal(injected);
    await mustAnswer(group, 'redis-1');
    await mustAnswer(group, 'redis-2');
  },

  'kill of a process that has ended before proves nothing': async (context) => {
    const group = await testGroup(context, SMALL);
    await kill(group, 'redis-2');
    await mustBeRefused(group, faults.kill('node:redis-2'), /did not run before/);
  },

  'terminate lets Redis save and leave; a frozen one does not obey': async (context) => {
    const group = await testGroup(context, { ...SMALL, redis: { save: '3600 1' } });
    await group.node('redis-1').control.set('key', 'value');
    const injected = await inject(group, faults.terminate('primary'));
    assert.deepEqual(group.node('redis-1').process?.exit, { code: 0, signal: null });
    await heal(injected);
    assert.equal(await group.node('redis-1').control.get('key'), 'value');
    group.node('redis-2').process?.signal('SIGSTOP');
    await mustBeRefused(group, faults.terminate('node:redis-2', { withinMs: 300 }), /still runs/);
  },

  'pause freezes a process with its connections open, and its heal continues it': async (context) => {
    const group = await testGroup(context, SMALL);
    const injected = await inject(group, faults.pause('primary'));
    assert.equal(group.node('redis-1').process?.exit, null);
    assert(!(await answers(group, 'redis-1')));
    await mustAnswer(group, 'redis-2');
    await heal(injected);
    await mustAnswer(group, 'redis-1');
    assert.deepEqual(group.pauses, [
      ['redis-1', true],
      ['redis-1', false],
    ]);
    await kill(group, 'redis-2');
    await mustBeRefused(group, faults.pause('node:redis-2'), /answered before: false/);
  },

  'restart keeps the data or loses it': async (context) => {
    const group = await testGroup(context, { ...SMALL, replicas: 0, redis: { appendonly: 'yes' } });
    const { control } = group.node('redis-1');
    const first = group.node('redis-1').process;
    await control.set('key', 'value');
    await heal(await inject(group, faults.restart('primary', { data: 'kept' })));
    assert.notEqual(group.node('redis-1').process, first);
    assert.equal(await control.get('key'), 'value');
    const startedAt = monotonicMs();
    await inject(group, faults.restart('primary', { data: 'lost', downMs: 300 }));
    assert(monotonicMs() - startedAt >= 300);
    assert.equal(await control.get('key'), null);
  },

  'restart of a process that does not come back is refused': async (context) => {
    const group = await testGroup(context, SMALL);
    appendFileSync(path.join(group.host('host-2').dir, 'redis-2', 'node.conf'), '\nbroken yes\n');
    await mustBeRefused(group, faults.restart('node:redis-2', { data: 'kept' }), /ended with/);
  },

  'crashHost silences a host and kills all on it; the heal brings host, mesh and servers back': async (
    context,
  ) => {
    const group = await testGroup(context, SMALL);
    const host = group.host('host-1');
    const client = await host.start({ name: 'client', command: '/bin/sleep', args: ['100'] });
    const injected = await inject(group, faults.crashHost('primary'));
    assert.deepEqual(injected.targets, ['host-1', 'redis-1', 'sentinel-1']);
    assert.deepEqual(host.processes(), []);
    assert.equal(client.exit?.signal, 'SIGKILL');
    assert(!(await answers(group, 'redis-1')));
    assert.equal(await silentPairs(group), '1>2 2>1');
    await heal(injected);
    assert.equal(await silentPairs(group), '');
    assert.equal(host.processes().length, 3, 'Toxiproxy, Redis and the Sentinel, not the client');
  },

  'crashHost that crashes nothing is refused': async (context) => {
    const group = await testGroup(context, SMALL);
    const host = group.host('host-1');
    host.processes = () => [];
    host.cable = async () => {};
    await mustBeRefused(group, faults.crashHost('primary'), /still answer/);
  },

  'cut separates two sides': cuts(faults.cut({ from: 'host:host-1', to: 'host:host-2' }), '1>2 2>1'),
  'cut one way leaves the way back': cuts(
    faults.cut({ from: 'host:host-1', to: 'replicas', oneWay: true, by: 'packets' }),
    '1>2 1>3',
  ),
  'isolate separates one from all': cuts(faults.isolate('primary'), '1>2 1>3 2>1 3>1 c1>1'),
  'isolate by dropped packets does so too': cuts(
    faults.isolate('node:redis-2', { by: 'packets' }),
    '1>2 2>1 2>3 3>2 c1>2',
  ),
  'split separates groups and leaves out who is in none': cuts(
    faults.split([['host:host-1', 'clients'], ['host:host-2']]),
    '1>2 2>1 c1>2',
  ),
  'bridge leaves one that reaches both': cuts(faults.bridge('host:host-3', 'primary'), '1>2 2>1 c1>1'),
  'cutClients separates clients from servers': cuts(faults.cutClients(), 'c1>1 c1>2 c1>3'),

  'cuts that hit no link or a dead one are refused': async (context) => {
    const group = await testGroup(context, SMALL);
    const same = { from: 'host:host-1', to: 'host:host-1' } as const;
    await mustBeRefused(group, faults.cut(same), /no such link/);
    await mustBeRefused(group, faults.latency({ ...same, latencyMs: 5 }), /no such link/);
    await mustBeRefused(group, faults.isolate('everybody'), /no such link/);
    await kill(group, 'redis-2');
    await mustBeRefused(
      group,
      faults.cut({ from: 'host:host-1', to: 'host:host-2', oneWay: true }),
      /0 answered before/,
    );
  },

  'flap cuts and heals over and over': async (context) => {
    const group = await testGroup(context, SMALL);
    const injected = await inject(group, faults.flap(faults.isolate('primary'), { onMs: 150, offMs: 150 }));
    const link = group.mesh.links().filter((one) => one.observer === 'host-2' && one.node === 'redis-1');
    let changes = 0;
    let before: boolean | null = null;
    const deadline = monotonicMs() + 15_000;
    while (changes < 4 && monotonicMs() < deadline) {
      const silent = (await group.mesh.roundTrips(link, 60))[0] === null;
      if (before !== null && silent !== before) changes++;
      before = silent;
    }
    assert(changes >= 4, `changed ${changes} times`);
    await heal(injected);
    assert.equal(await silentPairs(group), '');
    await sleep(400);
    assert.equal(await silentPairs(group), '', 'it has stopped');
  },

  'flap of what does not bite is refused': async (context) => {
    const group = await testGroup(context, SMALL);
    const nothing = faults.cut({ from: 'host:host-1', to: 'host:host-1' });
    const injected = await mustBeRefused(group, faults.flap(nothing, { onMs: 5, offMs: 5 }), /no such link/);
    await injected.heal();
  },

  'latency slows both ways': poisons(faults.latency({ ...SLOW_LINK, latencyMs: 200 }), 400),
  'latency slows replies only, with jitter': poisons(
    faults.latency({ ...SLOW_LINK, latencyMs: 400, jitterMs: 20, streams: 'replies' }),
    380,
  ),
  'bandwidth limits a slow link': poisons(faults.bandwidth({ ...SLOW_LINK, kilobytesPerSecond: 10 }), 200),
  'bandwidth limits a fast link': async (context) => {
    const group = await testGroup(context, SMALL);
    await heal(await inject(group, faults.bandwidth({ ...SLOW_LINK, kilobytesPerSecond: 5000 })));
  },
  'reset closes connections instead of answering': poisons(faults.reset(SLOW_LINK), Infinity),
  'slice fragments what goes over a link': poisons(
    faults.slice({ ...SLOW_LINK, averageBytes: 100, delayUs: 10_000 }),
    200,
  ),

  'debugSleep blocks Redis and ends by itself; a Sentinel has no such command': async (context) => {
    const group = await testGroup(context, SMALL);
    const injected = await inject(group, faults.debugSleep('node:redis-2', { seconds: 2 }));
    assert(!(await answers(group, 'redis-2')));
    await mustAnswer(group, 'redis-1');
    await heal(injected);
    await mustAnswer(group, 'redis-2');
    await mustBeRefused(group, faults.debugSleep('node:sentinel-1', { seconds: 0.6 }), /while blocked: true/);
  },

  'slowScript silences a server until it refuses what comes; a Sentinel has no such command': async (
    context,
  ) => {
    // A Sentinel kills a script for which it holds a server to be down.
    const timing = { downAfterMs: 20_000 };
    const group = await testGroup(context, { ...SMALL, timing, redis: { 'busy-reply-threshold': 300 } });
    const injected = await inject(group, faults.slowScript('node:redis-2', { ms: 3000 }));
    assert.match(injected.proof.text, /meanwhile: silent/);
    await mustAnswer(group, 'redis-1');
    await until(() => refusesAsBusy(group, 'redis-2'), { what: 'a refusal', withinMs: 2500 });
    await heal(injected);
    await mustAnswer(group, 'redis-2');
    await mustBeRefused(group, faults.slowScript('node:sentinel-1', { ms: 600 }), /had ended \(ERR unknown/);
  },

  'sentinelFailover promotes another; from then on it is the primary that faults hit': async (context) => {
    const group = await testGroup(context);
    const injected = await inject(group, faults.sentinelFailover());
    const [old, now] = injected.targets;
    assert.equal(old, 'redis-1');
    assert(now === 'redis-2' || now === 'redis-3', now);
    assert.equal(await group.info(now, 'role'), 'master');
    await heal(injected);
    await group.topology.settled(30_000);
    assert.equal(await group.info('redis-1', 'role'), 'slave');
    const killed = await inject(group, faults.kill('primary'));
    assert.deepEqual(killed.targets, [now]);
    await until(async () => (await group.topology.primary())?.name !== now, {
      what: 'the next failover',
      withinMs: 30_000,
    });
    await heal(killed);
    assert.notDeepEqual((await inject(group, faults.pause('primary'))).targets, [now]);
  },

  'sentinelFailover without a replica fails, and says why': async (context) => {
    const group = await testGroup(context, { replicas: 0, sentinels: 1 });
    await assert.rejects(faults.sentinelFailover().inject(group.surface), /NOGOODSLAVE/);
  },

  'coordinatedFailover hands over, loses nothing, and Sentinels leave it at that': async (context) => {
    const group = await testGroup(context, {
      sentinel: { 'parallel-syncs': 2 },
      nodes: { 'sentinel-2': { 'failover-timeout': 5000 } },
    });
    await group.node('redis-1').control.set('key', 'value');
    // A higher epoch than that of a fresh MONITOR.
    await inject(group, faults.sentinelFailover());
    await group.topology.settled(30_000);
    const injected = await inject(group, faults.coordinatedFailover());
    const [old = '', heir = ''] = injected.targets;
    assert.equal((await group.topology.primary())?.name, heir);
    await group.node(heir).control.set('after', 'value');
    // Down-after and the INFO periods after which Sentinels would have failed over once more.
    await sleep(4000);
    await group.topology.settled(15_000);
    assert.equal((await group.topology.primary())?.name, heir);
    assert.deepEqual(
      await Promise.all(['redis-1', 'redis-2', 'redis-3'].map((node) => group.info(node, 'role'))),
      ['redis-1', 'redis-2', 'redis-3'].map((node) => (node === heir ? 'master' : 'slave')),
    );
    assert.deepEqual(await group.node(heir).control.mget('key', 'after'), ['value', 'value']);
    const setting = async (sentinel: string, name: string) => {
      const flat = (await group.node(sentinel).control.call('SENTINEL', 'MASTER', 'lab')) as string[];
      return flat[flat.indexOf(name) + 1];
    };
    assert.equal(await setting('sentinel-1', 'parallel-syncs'), '2');
    assert.equal(await setting('sentinel-1', 'quorum'), '2');
    assert.deepEqual(
      [await setting('sentinel-1', 'failover-timeout'), await setting('sentinel-2', 'failover-timeout')],
      ['4000', '5000'],
    );
    // The Sentinels still do their work.
    const killed = await inject(group, faults.kill('primary'));
    assert.deepEqual(killed.targets, [heir]);
    await until(async () => (await group.topology.primary())?.name !== heir, {
      what: 'a failover after the coordinated one',
      withinMs: 30_000,
    });
    assert.notEqual(old, heir);
  },

  'coordinatedFailover to a replica that hangs is refused, and the old primary stays': async (context) => {
    const group = await testGroup(context, { ...SMALL, timing: { downAfterMs: 20_000 } });
    group.node('redis-2').process?.signal('SIGSTOP');
    await mustBeRefused(group, faults.coordinatedFailover({ timeoutMs: 400 }), /hand over/);
    assert.equal(await group.info('redis-1', 'role'), 'master');
    assert.equal((await group.topology.primary())?.name, 'redis-1');
  },

  'roles stand for the same nodes with the same seed': async (context) => {
    const group = await testGroup(context, { replicas: 4, sentinels: 3 });
    const draw = async (seed: number) => {
      const surface = { ...group.surface, random: prng(seed) };
      const all: string[] = [];
      for (let i = 0; i < 6; i++) {
        const injected = await faults.pause(i % 2 === 0 ? 'a replica' : 'a sentinel').inject(surface);
        await injected.heal();
        all.push(...injected.targets);
      }
      return all.join(' ');
    };
    const [one, again, two] = [await draw(1), await draw(1), await draw(2)];
    assert.equal(one, again);
    assert.notEqual(one, two);
    assert.doesNotMatch(one, /redis-1/, 'the primary is no replica');
  },

  'targets that nobody is are an error': async (context) => {
    const group = await testGroup(context, SMALL);
    await assert.rejects(faults.kill('node:redis-9').inject(group.surface), /no node is redis-9 now/);
    await assert.rejects(faults.isolate('zone:east').inject(group.surface), /no host is east now/);
    await assert.rejects(faults.cutClients().inject(group.surface), /no host is the clients now/);
  },
};
