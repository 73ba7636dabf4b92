/** What lasts as long in lab time at every speed, measured once in each case: a line of JSON for each, `{ "name", "ms" }`. */
import { once } from 'node:events';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { monotonicMs } from '../lab/common/clock.ts';
import { freePort } from '../lab/common/free-port.ts';
import { until } from '../lab/common/until.ts';
import type { Case, CaseContext } from '../lab/hosts/test-cases.ts';
import { cluster } from '../lab/topology/cluster.ts';
import { standalone } from '../lab/topology/standalone.ts';
import { type TestGroup, testGroup } from '../lab/topology/test-group.ts';
import type { TopologyNode } from '../lab/topology/topology.ts';

const tell = (name: string, ms: number) => console.log(JSON.stringify({ name, ms: Math.round(ms) }));

/** Says that all has been measured, and waits to be told to end. */
async function told(): Promise<void> {
  console.log('done');
  await once(process.stdin, 'data');
}

/** How long it takes in lab time until something is so; it may take ten minutes of it. */
async function timeUntil(what: string, probe: () => Promise<boolean>, fromMs = monotonicMs()) {
  await until(probe, { what, withinMs: 600_000 });
  return monotonicMs() - fromMs;
}

/** When each event of Sentinel first came from any of them. */
async function sentinelEvents(group: TestGroup): Promise<Map<string, number>> {
  const first = new Map<string, number>();
  const watchers = group.topology.nodes.filter(({ kind }) => kind === 'sentinel');
  await Promise.all(
    watchers.map(async ({ control }) => {
      const listener = withoutTimeout(control);
      listener.on('pmessage', (_pattern: string, channel: string) => {
        if (!first.has(channel)) first.set(channel, monotonicMs());
      });
      await listener.psubscribe('*');
    }),
  );
  return first;
}

/** The lab's own connections give up soon, which is not what is measured. */
function withoutTimeout(control: Redis): Redis {
  const { host, port } = control.options;
  return new Redis({ ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) });
}

const kill = async ({ process: running }: TopologyNode) => {
  running?.signal('SIGKILL');
  await running?.exited;
};

const roleOf = async (node: TopologyNode) => (await node.control.call('ROLE')) as [string, ...unknown[]];

export const cases: Readonly<Record<string, Case>> = {
  /** Stock settings: down-after 30 s, INFO every 10 s, failover-timeout 180 s. */
  sentinel: async (context) => {
    const group = await testGroup(context, {}, { timing: 'production' });
    const events = await sentinelEvents(group);
    const old = group.node('redis-1');
    const from = monotonicMs();
    await kill(old);
    await timeUntil('the switch', async () => events.has('+switch-master'));
    const at = (event: string) => (events.get(event) ?? Number.NaN) - from;
    tell('Sentinel: +sdown', at('+sdown'));
    tell('Sentinel: +odown', at('+odown'));
    tell('Sentinel: +elected-leader', at('+elected-leader'));
    tell('Sentinel: +promoted-slave', at('+promoted-slave'));
    tell('Sentinel: +switch-master', at('+switch-master'));
    // All of them have to know, else the old primary is taken for the one it says it is.
    await group.topology.settled(60_000).catch(() => {});
    await old.start('kept');
    await old.accepting(60_000);
    const demotion = await timeUntil('the demotion', async () => (await roleOf(old))[0] === 'slave');
    tell('Sentinel: the returned primary is demoted', demotion);
    await told();
  },

  /** Redis' default node timeout of 15 s. */
  cluster: async (context) => {
    const group = await testGroup(context, cluster(), { timing: 'production' });
    const [first, other] = [group.node('redis-1'), group.node('redis-2')];
    const nodes = async () => String(await other.control.call('CLUSTER', 'NODES'));
    const announced = group.book.node('redis-1').announced;
    const line = async () => (await nodes()).split('\n').find((one) => one.includes(`${announced}:`)) ?? '';
    const from = monotonicMs();
    await kill(first);
    const flagged = (flag: RegExp) => async () => flag.test((await line()).split(' ')[2] ?? '');
    tell('cluster: a node is held for failed', await timeUntil('FAIL', flagged(/(^|,)fail(,|$)/), from));
    const promoted = async () => (await line()).split(' ')[8] === undefined;
    tell('cluster: its replica has its slots', await timeUntil('the promotion', promoted, from));
    await told();
  },

  /** What a server does by its own clock. */
  servers: async (context) => {
    const group = await testGroup(context, standalone({ replicas: 1, redis: { 'repl-timeout': 5 } }));
    const [primary, replica] = [group.node('redis-1'), group.node('redis-2')];
    await primary.control.set('key', 'x', 'PX', 3000);
    tell('a key expires', await timeUntil('expiry', async () => (await primary.control.exists('key')) === 0));
    await primary.control.config('SET', 'min-replicas-to-write', '1');
    await primary.control.config('SET', 'min-replicas-max-lag', '3');
    await timeUntil('writes', async () => (await primary.control.set('a', 1).catch(() => '')) === 'OK');
    replica.process?.signal('SIGSTOP');
    const frozenAt = monotonicMs();
    const refused = () =>
      primary.control.set('a', 1).then(
        () => false,
        (error: Error) => error.message.startsWith('NOREPLICAS'),
      );
    tell('min-replicas-max-lag: writes are refused', await timeUntil('NOREPLICAS', refused, frozenAt));
    const isAlone = async () => (await group.info('redis-1', 'connected_slaves')) === '0';
    tell('repl-timeout: the primary gives up a replica', await timeUntil('it', isAlone, frozenAt));
    replica.process?.signal('SIGCONT');
    await timeUntil('the replica', async () => (await group.info('redis-1', 'connected_slaves')) === '1');
    primary.process?.signal('SIGSTOP');
    const silentAt = monotonicMs();
    const isDown = async () => (await group.info('redis-2', 'master_link_status')) === 'down';
    tell('repl-timeout: a replica gives up its primary', await timeUntil('it', isDown, silentAt));
    await told();
  },

  /** What clients do by theirs. */
  clients: async (context: CaseContext) => {
    const group = await testGroup(context, standalone());
    const { control } = group.node('redis-1');
    tell('BullMQ: a job that is delayed by 3 s', await delayedJob(group));
    tell('ioredis: the sixth attempt to connect, 200 ms more apart each time', await sixthAttempt());
    const blocked = monotonicMs();
    await withoutTimeout(control).blpop('nothing', 3);
    tell('BLPOP with a timeout of 3 s', monotonicMs() - blocked);
    await told();
  },
};

async function delayedJob(group: TestGroup): Promise<number> {
  const { direct } = group.book.node('redis-1');
  const connection = { host: direct, port: 6379, maxRetriesPerRequest: null };
  const done = Promise.withResolvers<number>();
  const worker = new Worker('q', async () => done.resolve(monotonicMs()), { connection });
  const queue = new Queue('q', { connection });
  await worker.waitUntilReady();
  const from = monotonicMs();
  await queue.add('job', {}, { delay: 3000 });
  return (await done.promise) - from;
}

/** From the first refusal on: 200 + 400 + … + 1000 ms. */
async function sixthAttempt(): Promise<number> {
  const port = await freePort();
  const redis = new Redis({
    port,
    host: '127.0.0.1',
    lazyConnect: true,
    retryStrategy: (times) => (times > 5 ? null : times * 200),
  });
  redis.on('error', () => {});
  let attempts = 0;
  let firstAt = 0;
  const sixth = new Promise<number>((resolve) => {
    redis.on('connecting', () => {
      attempts += 1;
      if (attempts === 1) firstAt = monotonicMs();
      if (attempts === 6) resolve(monotonicMs() - firstAt);
    });
  });
  redis.connect().catch(() => {});
  const ms = await sixth;
  redis.disconnect();
  return ms;
}
