/** Real servers for this folder's tests: on ports of their own, in a temporary directory, ended by process id. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../common/free-port.ts';
import { until } from '../common/until.ts';
import { findTools } from '../tools/find-tools.ts';
import { TIMINGS } from '../topology/timing.ts';

export interface TestServer {
  host: string;
  port: number;
  /** Where clients see it: `host:port`. */
  address: string;
  process: ChildProcess;
  /** Sends one command over a connection of its own. */
  command(name: string, ...args: (string | number)[]): Promise<unknown>;
}

/** A temporary directory, and the servers in it; `end` kills and removes everything. */
export class TestServers {
  readonly dir = mkdtempSync(join(tmpdir(), 'lab-workload-'));
  private readonly processes: ChildProcess[] = [];

  /** A redis-server with these arguments, answering. */
  redis(...args: string[]): Promise<TestServer> {
    return this.redisWith(async () => args);
  }

  private redisWith(args: () => Promise<readonly string[]>): Promise<TestServer> {
    return onFreePort(async (port) => {
      // All share a directory, and a replica loads what lies there under this name: another's older copy, if that came later.
      const dump = ['--dbfilename', `dump-${port}.rdb`];
      const all = ['--port', String(port), '--bind', host, ...quiet, ...dump, ...(await args())];
      return this.start(await redisServer(), port, all, isItself);
    });
  }

  /**
   * A cluster of three primaries with a third of the slots each (see `thirds`), and with `replicas` one replica of each
   * behind them, in that order. Ready when every node says so. `nodeTimeoutMs` holds from then on; before, a short one
   * brings them together soon.
   */
  async cluster(
    options: { nodeTimeoutMs?: number; replicas?: boolean; args?: string[] } = {},
  ): Promise<TestServer[]> {
    const { nodeTimeoutMs = JOIN_NODE_TIMEOUT_MS, replicas = false, args = [] } = options;
    const nodes = await Promise.all(
      Array.from({ length: replicas ? 6 : 3 }, () => this.clusterNode(JOIN_NODE_TIMEOUT_MS, args)),
    );
    const [first, ...others] = nodes as [TestServer, ...TestServer[]];
    for (const [i, node] of nodes.entries()) await node.command('CLUSTER', 'SET-CONFIG-EPOCH', i + 1);
    for (const [i, [from, to]] of thirds.entries())
      await nodes[i]?.command('CLUSTER', 'ADDSLOTSRANGE', from, to);
    const met = async () => {
      // Again, as a node forgets whom it did not get to know within a second.
      const known = String(await first.command('CLUSTER', 'NODES'));
      for (const node of others)
        if (!known.includes(`${node.address}@`))
          await first.command('CLUSTER', 'MEET', node.host, node.port, await busOf(node));
      return knowAll(nodes);
    };
    await until(met, { what: 'the nodes to know each other', withinMs: 30_000, everyMs: 20 });
    for (const [i, node] of nodes.slice(3).entries())
      await node.command('CLUSTER', 'REPLICATE', String(await nodes[i]?.command('CLUSTER', 'MYID')));
    await until(() => allOk(nodes), { what: 'the cluster', withinMs: 30_000, everyMs: 20 });
    for (const node of nodes) await node.command('CONFIG', 'SET', 'cluster-node-timeout', nodeTimeoutMs);
    return nodes;
  }

  /** A server in cluster mode that knows nobody. Its bus is on a free port, as ports + 10 000 may be taken. */
  async clusterNode(nodeTimeoutMs: number, args: string[]): Promise<TestServer> {
    return this.redisWith(async () => {
      const bus = String(await freePort());
      const own = ['--cluster-config-file', `nodes-${bus}.conf`, '--cluster-port', bus];
      const timeout = ['--cluster-node-timeout', String(nodeTimeoutMs)];
      // CLUSTER SLOTS names a replica once it has received something, and without writes that is the first ping.
      return ['--cluster-enabled', 'yes', ...own, ...timeout, '--repl-ping-replica-period', '1', ...args];
    });
  }

  /** A Sentinel that watches `primary` as the group `lab`, with fast periods. */
  async sentinel(primary: TestServer): Promise<TestServer> {
    const monitor = `sentinel monitor lab ${primary.host} ${primary.port} 1`;
    // A failover that fails is tried again after twice this.
    const again = `sentinel failover-timeout lab ${TIMINGS.fast.failoverTimeoutMs}`;
    const server = await onFreePort(async (port) => {
      const file = join(this.dir, `sentinel-${port}.conf`);
      writeFileSync(file, `port ${port}\nbind ${host}\ndir ${this.dir}\n${monitor}\n${again}\n`);
      return this.start(await redisServer(), port, [file, '--sentinel'], isItself);
    });
    await server.command('SENTINEL', 'DEBUG', ...Object.entries(TIMINGS.fast.sentinelPeriods).flat());
    return server;
  }

  /** A Toxiproxy with one listener that leads to `server`, started as the mesh's are. */
  async toxiproxy(server: TestServer): Promise<TestServer> {
    const { 'toxiproxy-server': tool } = await findTools(['toxiproxy-server']);
    const env = { ...process.env, LOG_LEVEL: 'error', GOMAXPROCS: '2' };
    return onFreePort(async (port) => {
      const api = await freePort();
      const file = join(this.dir, `toxiproxy-${port}.json`);
      const proxy = { name: 'redis', listen: `${host}:${port}`, upstream: server.address, enabled: true };
      writeFileSync(file, JSON.stringify([proxy]));
      const listens = async () => {
        const proxies = (await (await fetch(`http://${host}:${api}/proxies`)).json()) as {
          redis?: typeof proxy;
        };
        return proxies.redis?.enabled === true && proxies.redis.listen === proxy.listen;
      };
      const args = ['-config', file, '-host', host, '-port', String(api)];
      return this.start(tool.path, port, args, listens, env);
    });
  }

  /** A process that is to be killed at the end. */
  track(child: ChildProcess): void {
    this.processes.push(child);
  }

  async end(): Promise<void> {
    for (const child of this.processes) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** `isOurs`: whether it is this very process that answers at its port. */
  private async start(
    binary: string,
    port: number,
    args: string[],
    isOurs: (server: TestServer) => Promise<boolean>,
    env = process.env,
  ): Promise<TestServer> {
    const child = spawn(binary, args, { cwd: this.dir, stdio: 'ignore', env });
    this.track(child);
    const command = (name: string, ...rest: (string | number)[]) => ask(port, name, rest);
    const server = { host, port, address: `${host}:${port}`, process: child, command };
    const answers = async () => {
      if (child.exitCode !== null)
        throw new PortTaken(`${binary} ended with code ${child.exitCode} on port ${port}`);
      await command('PING');
      if (!(await isOurs(server))) throw new PortTaken(`somebody else answers on port ${port}`);
      return true;
    };
    await until(answers, { what: `${binary} on port ${port}`, withinMs: 20_000, fatal: PortTaken });
    return server;
  }
}

class PortTaken extends Error {}

/** Nobody can hold a free port for a server: when somebody else was quicker it ends at once, and gets another. */
async function onFreePort(start: (port: number) => Promise<TestServer>): Promise<TestServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === 3) throw error;
    }
  }
}

/** A Redis or a Sentinel knows which process it is. */
async function isItself({ command, process }: TestServer): Promise<boolean> {
  const info = String(await command('INFO', 'server'));
  return info.includes(`process_id:${process.pid}\r`);
}

/** The slots of the three primaries of a test's cluster. */
export const thirds: readonly (readonly [from: number, to: number])[] = [
  [0, 5460],
  [5461, 10_922],
  [10_923, 16_383],
];

async function busOf(node: TestServer): Promise<number> {
  const [, port] = (await node.command('CONFIG', 'GET', 'cluster-port')) as [string, string];
  return Number(port);
}

async function knowAll(nodes: readonly TestServer[]): Promise<boolean> {
  const views = await Promise.all(nodes.map((node) => node.command('CLUSTER', 'NODES')));
  return views.every((view) => {
    const lines = String(view).trim().split('\n');
    return lines.length === nodes.length && !/handshake|noaddr|disconnected/.test(String(view));
  });
}

/** Every node says that it works, that its link to its primary is up, and which replicas every shard has. */
async function allOk(nodes: readonly TestServer[]): Promise<boolean> {
  const ask = (...words: string[]) =>
    Promise.all(nodes.map((node) => node.command(words[0] ?? '', ...words.slice(1))));
  const [states, links, slots] = [
    await ask('CLUSTER', 'INFO'),
    await ask('INFO', 'replication'),
    await ask('CLUSTER', 'SLOTS'),
  ];
  return (
    states.every((state) => String(state).includes('cluster_state:ok')) &&
    links.every((link) => !String(link).includes('master_link_status:down')) &&
    slots.every((view) =>
      (view as unknown[][]).every(([, , ...of]) => of.length === nodes.length / thirds.length),
    )
  );
}

const JOIN_NODE_TIMEOUT_MS = 1000;
const host = '127.0.0.1';
const quiet = ['--save', '', '--appendonly', 'no', '--repl-diskless-sync-delay', '0'];

async function redisServer(): Promise<string> {
  return (await findTools(['redis-server']))['redis-server'].path;
}

async function ask(port: number, name: string, args: (string | number)[]): Promise<unknown> {
  const redis = new Redis({
    host,
    port,
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  redis.on('error', () => {});
  try {
    return await redis.call(name, ...args);
  } finally {
    redis.disconnect();
  }
}
