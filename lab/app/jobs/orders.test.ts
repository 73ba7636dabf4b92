import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { jobs } from '../../checkers/jobs.ts';
import { type UntilOptions, until } from '../../common/until.ts';
import { historyStore } from '../../history/history-store.ts';
import type { Outcome } from '../../history/operation.ts';
import type { TestServer } from '../../workload/test-servers.ts';
import type { AppSettings } from '../config.ts';
import { servers, startTestApp, type TestApp } from '../test-app.ts';
import { forwarder } from './test-forwarder.ts';

/** Until nothing is thrown. */
const holds = (check: () => Promise<void>, options: UntilOptions) =>
  until(async () => {
    await check();
    return true;
  }, options);

type JobSettings = NonNullable<AppSettings['jobs']>;

const single = ({ host, port }: { host: string; port: number }) => ({ kind: 'single' as const, host, port });
const withJobs = (redis: AppSettings['redis'], jobs: JobSettings = {}): AppSettings => ({
  redis: redis ?? {},
  jobs,
});
let logs = 0;
/** Jobs outlive a kill: every write is in its log before it is answered. */
const keepsAll = () =>
  servers.redis('--appendonly', 'yes', '--appendfsync', 'always', '--appenddirname', `aof-${logs++}`);

const ready = (app: TestApp) =>
  holds(
    async () => {
      expect((await app.request('GET', '/ready')).status).toBe(200);
    },
    { what: 'ready', withinMs: 20_000 },
  );
const order = (app: TestApp, id: number) => app.request('POST', '/orders', { id, product: 17 });
const ledger = (app: TestApp) =>
  app.database.query<{ id: number; how: string; at: number }>(
    'ledger',
    'SELECT order_id::int AS id, how, extract(epoch FROM processed_at)::float8 * 1000 AS at FROM ledger ORDER BY entry',
  );
const processed = (app: TestApp, count: number, withinMs = 10_000) =>
  until(
    async () => {
      const rows = await ledger(app);
      if (rows.length < count) throw new Error(`${rows.length} of ${count} are processed`);
      return rows;
    },
    { what: 'orders to be processed', withinMs },
  );
const metric = async (app: TestApp, line: RegExp) => {
  const text = await (await app.request('GET', '/metrics')).text();
  const found = text.split('\n').find((one) => line.test(one));
  return found === undefined ? null : Number(found.split(' ').at(-1));
};
const restart = async ({ process: { spawnfile, spawnargs }, command }: TestServer) => {
  const child = spawn(spawnfile, spawnargs.slice(1), { cwd: servers.dir, stdio: 'ignore' });
  servers.track(child);
  await until(() => command('PING'), { what: 'the restarted server', withinMs: 20_000 });
};
const kill = async ({ process }: TestServer) => {
  process.kill('SIGKILL');
  await once(process, 'exit');
};
const databaseToo = { database: true };

test('an order is queued, processed by a worker, and ordered once however often it is asked for', async () => {
  const app = await startTestApp({}, databaseToo);
  await ready(app);
  const answer = await order(app, 1);
  expect([answer.status, await answer.json()]).toEqual([202, { id: 1, how: 'queued' }]);
  expect(await processed(app, 1)).toMatchObject([{ id: 1, how: 'queued' }]);
  expect(await (await app.request('GET', '/orders/1')).json()).toEqual({ id: 1, state: 'processed' });
  expect(await (await app.request('GET', '/orders/2')).json()).toEqual({ id: 2, state: 'unknown' });
  expect((await order(app, 1)).status).toBe(202);
  await order(app, 3);
  expect((await processed(app, 2)).map(({ id }) => id)).toEqual([1, 3]);
  expect(await metric(app, /^app_jobs_queued_total/)).toBe(3);
  expect(await metric(app, /^app_jobs_queue_depth.*waiting/)).toBe(0);
  expect(await metric(app, /^app_jobs_redis_evicts/)).toBe(0);
});

test('malformed orders are refused', async () => {
  const app = await startTestApp();
  for (const body of [
    { id: -1, product: 1 },
    { id: 1.5, product: 1 },
    { id: 1 },
    { id: 2 ** 60, product: 1 },
    [],
  ])
    expect((await app.request('POST', '/orders', body)).status).toBe(400);
  expect((await app.request('GET', "/orders/1'%20OR%201=1")).status).toBe(400);
});

describe('the queue is killed in the middle of orders and comes back', () => {
  const run = async (settings: JobSettings) => {
    const redis = await keepsAll();
    const app = await startTestApp(withJobs({ jobs: single(redis) }, settings), databaseToo);
    await ready(app);
    const beginMs = Date.now();
    const clients = Array.from({ length: 4 }, (_, i) => ({ name: `c${i}`, group: 'orders', host: 'h' }));
    const history = historyStore([...clients, { name: 'ledger', group: 'ledger', host: 'h' }]);
    const ways: string[] = [];
    let done = 0;
    const perClient = 75;
    const clientOf = async (name: string, first: number) => {
      for (let id = first; id < first + perClient; id++) {
        const invoked = Date.now() - beginMs;
        const answer = await order(app, id);
        const { how } = (await answer.json()) as { how?: string };
        if (how !== undefined) ways.push(how);
        const outcome: Outcome = answer.status === 202 ? 'ok' : answer.status === 503 ? 'fail' : 'info';
        const completed = Date.now() - beginMs;
        const rest = { key: 'orders', node: 'app', error: null };
        history.add({ client: name, f: 'order', value: id, invoked, completed, outcome, ...rest });
        done++;
        await sleep(5);
      }
    };
    const working = clients.map(({ name }, i) => clientOf(name, 1 + i * perClient));
    const reached = (share: number) =>
      holds(
        async () => {
          if (done < share * perClient * clients.length) throw new Error(`${done} orders`);
        },
        { what: 'orders', withinMs: 20_000 },
      );
    await reached(0.3);
    await kill(redis);
    await reached(0.7);
    await restart(redis);
    await Promise.all(working);
    const ok = [...history.operations].filter(({ outcome }) => outcome === 'ok').length;
    for (const { id, at } of await processed(app, ok, 15_000)) {
      const times = { invoked: at - beginMs, completed: at - beginMs };
      const rest = { client: 'ledger', f: 'process', key: 'orders', outcome: 'ok' as const, node: 'app' };
      history.add({ ...rest, value: id, ...times, error: null });
    }
    const nothing = { roles: [], events: [], faults: [], samples: [], nodes: [] };
    const seen = { ...nothing, durationMs: 60_000, loadWindow: { from: 0, to: 60_000 } };
    return { app, ways, ok, result: jobs().check({ history, seen }) };
  };

  test('with the safety valve every order is taken, none is lost, none is processed twice', async () => {
    const { ok, ways, result, app } = await run({});
    expect(ok).toBe(300);
    expect(ways.filter((how) => how === 'inline').length).toBeGreaterThan(50);
    expect(ways.filter((how) => how === 'queued').length).toBeGreaterThan(50);
    expect(result).toMatchObject({
      verdict: 'valid',
      figures: { acknowledged: 300, lost: 0, duplicates: 0 },
    });
    expect(await metric(app, /^app_jobs_inline_total/)).toBe(ways.filter((how) => how === 'inline').length);
  }, 40_000);

  test('without it orders are refused meanwhile; those that were taken are not lost', async () => {
    const { ok, ways, result } = await run({ whenAway: 'fail' });
    expect(ok).toBeLessThan(250);
    expect(ways).not.toContain('inline');
    expect(result).toMatchObject({ verdict: 'valid', figures: { acknowledged: ok, lost: 0 } });
  }, 40_000);
});

test('a queue that forgets what it was given: the orders are lost, and the checker says why', async () => {
  const redis = await servers.redis();
  const app = await startTestApp(withJobs({ jobs: single(redis) }, { worker: false }), databaseToo);
  await ready(app);
  const clients = ['c', 'ledger'].map((name) => ({ name, group: name, host: 'h' }));
  const history = historyStore(clients);
  const rest = { key: 'orders', outcome: 'ok' as const, node: 'app', error: null };
  for (const value of [1, 2, 3]) {
    expect(await (await order(app, value)).json()).toEqual({ id: value, how: 'queued' });
    history.add({ ...rest, client: 'c', f: 'order', value, invoked: value, completed: value + 0.5 });
  }
  await kill(redis);
  await restart(redis);
  // With a worker from now on.
  const other = await startTestApp({ ...app.settings, ...withJobs(app.settings.redis) });
  await ready(other);
  await order(other, 4);
  history.add({ ...rest, client: 'c', f: 'order', value: 4, invoked: 20, completed: 21 });
  for (const { id: value } of await processed(app, 1))
    history.add({ ...rest, client: 'ledger', f: 'process', value, invoked: 30, completed: 30 });
  const text = 'redis started';
  const data = { node: 'redis', action: 'start', data: 'lost' };
  const seen = {
    durationMs: 100,
    nodes: ['redis'],
    roles: [{ node: 'redis', role: 'primary' as const, from: 0, to: 100 }],
    events: [{ at: 10, source: 'lab', kind: 'process', text, data }],
    faults: [],
    samples: [],
    loadWindow: { from: 0, to: 100 },
  };
  expect(jobs().check({ history, seen })).toMatchObject({
    verdict: 'invalid',
    figures: { acknowledged: 4, lost: 3, processed: 1, lostByCause: { wiped: 3 } },
  });
});

describe('an order whose enqueueing timed out is in the queue all the same', () => {
  const run = async (idempotent: boolean) => {
    const redis = await servers.redis();
    const app = await startTestApp(
      withJobs({ jobs: single(redis) }, { idempotent, enqueueTimeoutMs: 200 }),
      databaseToo,
    );
    await ready(app);
    redis.process.kill('SIGSTOP');
    const answer = await order(app, 7);
    expect(await answer.json()).toEqual({ id: 7, how: 'inline' });
    redis.process.kill('SIGCONT');
    return app;
  };

  test('a handler that knows what it has done refuses it', async () => {
    const app = await run(true);
    await holds(
      async () => {
        expect(await metric(app, /^app_jobs_duplicates_refused_total/)).toBe(1);
      },
      { what: 'a refused duplicate', withinMs: 20_000 },
    );
    expect(await ledger(app)).toMatchObject([{ id: 7, how: 'inline' }]);
  });

  test('one that does not processes it twice', async () => {
    const app = await run(false);
    expect(await processed(app, 2)).toMatchObject([
      { id: 7, how: 'inline' },
      { id: 7, how: 'queued' },
    ]);
  });
});

describe('the worker’s connections fall silent without being closed', () => {
  const endings: (() => void)[] = [];
  afterAll(() => {
    for (const end of endings) end();
  });
  const run = async (blockingTimeoutMs: number | null) => {
    const redis = await servers.redis();
    const between = await forwarder(redis);
    endings.push(between.end);
    const worker = await startTestApp(
      withJobs({ jobs: single({ host: '127.0.0.1', port: between.port }) }, { blockingTimeoutMs }),
      databaseToo,
    );
    const shop = await startTestApp({
      ...worker.settings,
      ...withJobs({ ...worker.settings.redis, jobs: single(redis) }, { worker: false }),
    });
    await Promise.all([ready(worker), ready(shop)]);
    await order(shop, 1);
    await processed(worker, 1);
    between.silence();
    await order(shop, 2);
    return { worker, shop };
  };

  test('with a socket timeout it notices, and goes on', async () => {
    const { worker } = await run(1500);
    expect((await processed(worker, 2, 12_000)).map(({ id }) => id)).toEqual([1, 2]);
  });

  test('without one it is wedged: jobs wait, and nobody hears of it', async () => {
    const { worker, shop } = await run(null);
    // BullMQ's own watch over its blocking command has struck by then (6 s), and does not help.
    await expect(processed(worker, 2, 9000)).rejects.toThrow('1 of 2');
    expect(await metric(shop, /^app_jobs_queue_depth.*(waiting)/)).toBe(1);
    expect(await metric(shop, /^app_jobs_oldest_waiting_seconds/)).toBeGreaterThan(5);
  });
});

test('an order that failed for good is tried again when it is asked for again', async () => {
  const redis = await servers.redis();
  const app = await startTestApp(withJobs({ jobs: single(redis) }, { attempts: 1 }), databaseToo);
  await ready(app);
  await app.database.query('break', 'ALTER TABLE ledger RENAME TO broken');
  await order(app, 1);
  await holds(
    async () => {
      expect(await metric(app, /^app_jobs_failed_total.*last="yes"/)).toBe(1);
      expect(await metric(app, /^app_jobs_queue_depth.*failed/)).toBe(1);
    },
    { what: 'the failure', withinMs: 20_000 },
  );
  await app.database.query('mend', 'ALTER TABLE broken RENAME TO ledger');
  expect((await order(app, 1)).status).toBe(202);
  expect(await processed(app, 1)).toMatchObject([{ id: 1, how: 'queued' }]);
});

test('a job whose data was evicted is counted, and not tried again', async () => {
  const redis = await servers.redis();
  const settings = withJobs({ jobs: single(redis) }, { worker: false });
  const shop = await startTestApp(settings, databaseToo);
  await ready(shop);
  await order(shop, 1);
  const keys = (await redis.command('KEYS', '*order-1')) as string[];
  expect(keys).toHaveLength(1);
  await redis.command('DEL', ...keys);
  const worker = await startTestApp(withJobs({ jobs: single(redis) }), databaseToo);
  await holds(
    async () => {
      expect(await metric(worker, /^app_jobs_without_data_total/)).toBe(1);
      expect(await metric(worker, /^app_jobs_queue_depth.*failed/)).toBe(1);
    },
    { what: 'the job without data', withinMs: 20_000 },
  );
  expect(await ledger(worker)).toEqual([]);
});

test('a shutdown finishes the jobs under way', async () => {
  const redis = await servers.redis();
  const settings = withJobs({ jobs: single(redis) }, { workMs: 2000 });
  const app = await startTestApp({ ...settings, shutdownMs: 5000 }, databaseToo);
  await ready(app);
  await order(app, 1);
  await holds(
    async () => {
      expect(await metric(app, /^app_jobs_queue_depth.*active/)).toBe(1);
    },
    { what: 'an active job', withinMs: 20_000 },
  );
  await app.app.close();
  expect(await ledger(app)).toMatchObject([{ id: 1 }]);
});

test('a Redis that may evict jobs is told of', async () => {
  const redis = await servers.redis('--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru');
  const app = await startTestApp(withJobs({ jobs: single(redis) }, { worker: false }));
  await holds(
    async () => {
      expect(await metric(app, /^app_jobs_redis_evicts/)).toBe(1);
    },
    { what: 'the warning', withinMs: 20_000 },
  );
});

test('over a failover: inline while there is no primary, then queued again, and a worker that goes on', async () => {
  const primary = await servers.redis();
  const replica = await servers.redis('--replicaof', primary.host, String(primary.port));
  await holds(
    async () => {
      expect(String(await replica.command('INFO', 'replication'))).toContain('link_status:up');
    },
    { what: 'the replica', withinMs: 20_000 },
  );
  const sentinel = await servers.sentinel(primary);
  await sentinel.command('SENTINEL', 'SET', 'lab', 'down-after-milliseconds', 500);
  const { host, port } = sentinel;
  const server = { kind: 'sentinel' as const, sentinels: [{ host, port }], group: 'lab' };
  await holds(
    async () => {
      expect(String(await sentinel.command('SENTINEL', 'REPLICAS', 'lab'))).toContain(String(replica.port));
    },
    { what: 'the Sentinel to know the replica', withinMs: 20_000 },
  );
  const app = await startTestApp(withJobs({ jobs: server }), databaseToo);
  await ready(app);
  await order(app, 1);
  await processed(app, 1);
  await kill(primary);
  expect(await (await order(app, 2)).json()).toEqual({ id: 2, how: 'inline' });
  let id = 3;
  await holds(
    async () => {
      const { how } = (await (await order(app, id++)).json()) as { how: string };
      expect(how).toBe('queued');
    },
    { what: 'the queue to be back', withinMs: 20_000 },
  );
  const rows = await processed(app, id - 1, 10_000);
  expect(new Set(rows.map((row) => row.id)).size).toBe(id - 1);
}, 50_000);
