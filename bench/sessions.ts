import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { newSessionId, sessionKey } from '../lab/app/sessions/session-id.ts';
import { sleep } from '../lab/common/clock.ts';
import { until } from '../lab/common/until.ts';
import { TestServers } from '../lab/workload/test-servers.ts';
import type { Figure } from './figure.ts';
import { pipelinedLoad } from './pipelined-load.ts';

const MAIN = path.join(import.meta.dirname, '../lab/app/main.ts');
const SECRET = 'the secret of this measurement';
const sessionCount = 5000;
const localShare = 0.9;
/** Until the local cache is as full as it gets, and the code is compiled. */
const warmUpRequests = 8 * sessionCount;
const sliceMs = 400;
const slicesEach = 8;
/** After waking a process: what it left under way when it was stopped is answered first. */
const wakeMs = 50;

/**
 * Authenticated requests (GET /me with a cookie, each of a random session of 5,000) that one instance answers per
 * second on one core: with the clustered store, whose local cache has room for 90 % of the sessions, and with the
 * plain one. The instances run on the machine's first core, Redis and the load on the others. The two take turns,
 * the other one stopped meanwhile, so that what else the machine does hits both alike.
 */
export async function sessions(runs = 3): Promise<Figure[]> {
  const measured = [];
  for (let run = 0; run < runs; run++) measured.push(await inTurns());
  const clustered = measured.map((one) => one.clustered);
  const plain = measured.map((one) => one.plain);
  return [
    {
      name: 'authenticated requests, clustered ÷ plain store',
      unit: 'ratio',
      samples: measured.map((one) => perSecond(one.clustered) / perSecond(one.plain)),
      bar: { min: 1.3 },
    },
    {
      name: 'the same by CPU time of the instances',
      unit: 'ratio',
      samples: measured.map(({ clustered: a, plain: b }) => a.requests / a.cpuMs / (b.requests / b.cpuMs)),
      bar: { min: 1.3 },
    },
    { name: 'clustered store', unit: 'requests/s', samples: clustered.map(perSecond), bar: {} },
    { name: 'plain store', unit: 'requests/s', samples: plain.map(perSecond), bar: {} },
    {
      name: 'its share of local hits',
      unit: 'ratio',
      samples: clustered.map(({ hits, requests }) => hits / requests),
      bar: { min: localShare - 0.02, max: localShare + 0.02 },
    },
    {
      name: 'Redis reads a request, clustered',
      unit: 'reads',
      samples: clustered.map(({ reads, requests }) => reads / requests),
      bar: { max: 0.2 },
    },
    {
      name: 'Redis writes a request, clustered',
      unit: 'writes',
      samples: clustered.map(({ writes, requests }) => writes / requests),
      bar: {},
    },
    {
      name: 'Redis reads a request, plain',
      unit: 'reads',
      samples: plain.map(({ reads, requests }) => reads / requests),
      bar: { min: 0.99 },
    },
    {
      name: 'its core’s share used by an instance while it was measured',
      unit: 'ratio',
      samples: measured.flatMap((one) => [one.clustered, one.plain].map(({ cpuMs, ms }) => cpuMs / ms)),
      bar: {},
    },
    {
      name: 'the load’s own CPU time, beside that of the instance',
      unit: 'ratio',
      samples: measured.flatMap((one) =>
        [one.clustered, one.plain].map(({ loadCpuMs, cpuMs }) => loadCpuMs / cpuMs),
      ),
      bar: { max: 0.7 },
    },
  ];
}

interface Work {
  requests: number;
  ms: number;
  cpuMs: number;
  loadCpuMs: number;
  hits: number;
  reads: number;
  writes: number;
}

function perSecond({ requests, ms }: Work): number {
  return (requests * 1000) / ms;
}

async function inTurns(): Promise<{ clustered: Work; plain: Work }> {
  const servers = new TestServers();
  try {
    const server = await servers.redis();
    const cores = availableParallelism();
    const others = cores === 1 ? '0' : `1-${cores - 1}`;
    for (const pid of [server.process.pid, process.pid]) pin(pid, others);
    const redis = new Redis({ host: server.host, port: server.port });
    const requests = await authenticatedRequests(redis);
    redis.disconnect();
    const stores = ['clustered', 'plain'] as const;
    const instances = await Promise.all(
      stores.map(async (store) => {
        const instance = await startInstance(servers, server, store);
        const load = await pipelinedLoad(instance.port, requests);
        return {
          ...instance,
          load,
          work: { requests: 0, ms: 0, cpuMs: 0, loadCpuMs: 0, hits: 0, reads: 0, writes: 0 },
        };
      }),
    );
    for (const { load } of instances) {
      load.start();
      await until(() => load.answered() >= warmUpRequests, { what: 'the warm-up', withinMs: 60_000 });
      await load.stop();
    }
    for (let slice = 0; slice < slicesEach; slice++)
      for (const { child, port, load, work } of instances) {
        for (const one of instances) one.child.kill(one.child === child ? 'SIGCONT' : 'SIGSTOP');
        await sleep(wakeMs);
        const before = await countersOf(port);
        const cpu = cpuMsOf(child);
        const own = process.cpuUsage();
        const [from, answered] = [performance.now(), load.answered()];
        load.start();
        await sleep(sliceMs);
        await load.stop();
        work.ms += performance.now() - from;
        work.requests += load.answered() - answered;
        work.cpuMs += cpuMsOf(child) - cpu;
        const { user, system } = process.cpuUsage(own);
        work.loadCpuMs += (user + system) / 1000;
        const after = await countersOf(port);
        work.hits += after.hits - before.hits;
        work.reads += after.reads - before.reads;
        work.writes += after.writes - before.writes;
      }
    for (const { child, load } of instances) {
      child.kill('SIGCONT');
      load.end();
    }
    const [clustered, plain] = instances.map(({ work }) => work);
    if (clustered === undefined || plain === undefined) throw new Error('expected two instances');
    return { clustered, plain };
  } finally {
    await servers.end();
  }
}

/** Sessions in Redis, and a request for each with its cookie. */
async function authenticatedRequests(redis: Redis): Promise<string[]> {
  const requests: string[] = [];
  const pipeline = redis.pipeline();
  for (let user = 1; user <= sessionCount; user++) {
    const id = newSessionId(user);
    pipeline.hset(sessionKey(id), { user, visits: 0 }).pexpire(sessionKey(id), 1_800_000);
    const signature = createHmac('sha256', SECRET).update(id).digest('base64').replace(/=+$/, '');
    const cookie = encodeURIComponent(`${id}.${signature}`);
    requests.push(`GET /me HTTP/1.1\r\nhost: app\r\ncookie: sid=${cookie}\r\n\r\n`);
  }
  await pipeline.exec();
  return requests;
}

async function startInstance(
  servers: TestServers,
  { host, port: redisPort }: { host: string; port: number },
  store: 'clustered' | 'plain',
): Promise<{ child: ChildProcess; port: number }> {
  const one = { kind: 'single', host, port: redisPort };
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const file = path.join(servers.dir, `${store}.json`);
  const config = {
    instance: store,
    listen: { host, port },
    // Nothing of what is measured asks the database.
    database: { url: 'postgres://nobody@127.0.0.1:1/none' },
    redis: { sessions: one, cache: one, limits: one, jobs: one },
    // The same for both, also where the other is stopped for a while: a command's time goes on meanwhile.
    clients: { sessions: { commandTimeoutMs: 10_000, socketTimeoutMs: null } },
    sessions: {
      store,
      cookieSecrets: [SECRET],
      local: { entries: sessionCount * localShare, ttlMs: 600_000, pingEveryMs: 10_000 },
    },
    jobs: { worker: false },
    logLevel: 'error',
  };
  writeFileSync(file, JSON.stringify(config));
  const child = spawn(process.execPath, [MAIN, file], { stdio: ['ignore', 'inherit', 'inherit'] });
  servers.track(child);
  await Promise.race([
    until(async () => (await fetch(`http://${host}:${port}/health`)).ok, {
      what: `the ${store} instance`,
      withinMs: 15_000,
    }),
    once(child, 'exit').then(() => Promise.reject(new Error(`the ${store} instance ended`))),
  ]);
  pin(child.pid, '0');
  return { child, port };
}

async function countersOf(port: number): Promise<{ hits: number; reads: number; writes: number }> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const value = (name: string) =>
    Number(
      new RegExp(`^app_sessions_${name}_total(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN,
    );
  return { hits: value('local_hits'), reads: value('redis_reads'), writes: value('redis_writes') };
}

/** User and system time so far. */
function cpuMsOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  // In ticks, of which there are 100 a second.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function pin(pid: number | undefined, cores: string): void {
  spawnSync('taskset', ['-a', '-c', '-p', cores, String(pid)], { stdio: 'ignore' });
}
