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

  /** Nobody can hold a free port for a server: when somebody else was quicker it ends at once, and gets other ports. */
  private async redisWith(args: () => Promise<readonly string[]>): Promise<TestServer> {
    for (let attempt = 1; ; attempt++) {
      const port = await freePort();
      const all = ['--port', String(port), '--bind', host, ...quiet, ...(await args())];
      try {
        return await this.start(await redisServer(), port, all);
      } catch (error) {
        if (!(error instanceof EndedAtOnce) || attempt === 3) throw error;
      }
    }
  }

  /**
   * A cluster of three primaries with a third of the slots each (see `thirds`), and with `replicas` one replica of each
   * behind them, in that order. Ready when every node says so.
   */
  async cluster(
    options: { nodeTimeoutMs?: number; replicas?: boolean; args?: string[] } = {},
  ): Promise<TestServer[]> {
    const { nodeTimeoutMs = 1000, replicas = false, args = [] } = options;
    const nodes = await Promise.all(
      Array.from({ length: replicas ? 6 : 3 }, () => this.clusterNode(nodeTimeoutMs, args)),
    );
    const [first, ...others] = nodes as [TestServer, ...TestServer[]];
    for (const [i, node] of nodes.entries()) await node.command('CLUSTER', 'SET-CONFIG-EPOCH', i + 1);
    for (const [i, [from, to]] of thirds.entries())
      await nodes[i]?.command('CLUSTER', 'ADDSLOTSRANGE', from, to);
    for (const node of others)
      await first.command('CLUSTER', 'MEET', node.host, node.port, await busOf(node));
    await until(() => knowAll(nodes), { what: 'the nodes to know each other', withinMs: 15_000 });
    for (const [i, node] of nodes.slice(3).entries())
      await node.command('CLUSTER', 'REPLICATE', String(await nodes[i]?.command('CLUSTER', 'MYID')));
    await until(() => allOk(nodes), { what: 'the cluster', withinMs: 15_000 });
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
    const port = await freePort();
    const file = join(this.dir, `sentinel-${port}.conf`);
    const monitor = `sentinel monitor lab ${primary.host} ${primary.port} 1`;
    // A failover that fails is tried again after twice this.
    const again = `sentinel failover-timeout lab ${TIMINGS.fast.failoverTimeoutMs}`;
    writeFileSync(file, `port ${port}\nbind ${host}\ndir ${this.dir}\n${monitor}\n${again}\n`);
    const server = await this.start(await redisServer(), port, [file, '--sentinel']);
    await server.command('SENTINEL', 'DEBUG', ...Object.entries(TIMINGS.fast.sentinelPeriods).flat());
    return server;
  }

  /** A Toxiproxy with one listener that leads to `server`, started as the mesh's are. */
  async toxiproxy(server: TestServer): Promise<TestServer> {
    const [port, api] = [await freePort(), await freePort()];
    const file = join(this.dir, `toxiproxy-${port}.json`);
    const proxy = { name: 'redis', listen: `${host}:${port}`, upstream: server.address, enabled: true };
    writeFileSync(file, JSON.stringify([proxy]));
    const { 'toxiproxy-server': tool } = await findTools(['toxiproxy-server']);
    const env = { ...process.env, LOG_LEVEL: 'error', GOMAXPROCS: '2' };
    return this.start(tool.path, port, ['-config', file, '-host', host, '-port', String(api)], env);
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

  private async start(binary: string, port: number, args: string[], env = process.env): Promise<TestServer> {
    const child = spawn(binary, args, { cwd: this.dir, stdio: 'ignore', env });
    this.track(child);
    const command = (name: string, ...rest: (string | number)[]) => ask(port, name, rest);
    const answers = () => {
      if (child.exitCode !== null)
        throw new EndedAtOnce(`${binary} ended with code ${child.exitCode} on port ${port}`);
      return command('PING');
    };
    await until(answers, { what: `${binary} on port ${port}`, withinMs: 10_000, fatal: EndedAtOnce });
    return { host, port, address: `${host}:${port}`, process: child, command };
  }
}

class EndedAtOnce extends Error {}

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
    return lines.length === nodes.length && !/handshake|noaddr/.test(String(view));
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
