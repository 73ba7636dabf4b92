import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import { LabError } from '../common/errors.ts';
import { until } from '../common/until.ts';
import type { Host, RunningProcess } from '../hosts/host.ts';
import type { NodeAddress } from '../mesh/address-book.ts';
import type { Credentials } from './access.ts';
import { NodeProcess } from './node-process.ts';
import type { NodeChange, TopologyNode } from './topology.ts';

export interface RedisNodeOptions {
  kind: TopologyNode['kind'];
  address: NodeAddress;
  host: Host;
  /** Path of redis-server; a Sentinel is the same program with `--sentinel`. */
  redisServer: string;
  /** The configuration file's text. */
  configuration: string;
  /** Further files that are there before its first start, by name. */
  files?: Readonly<Record<string, string>>;
  /** What the lab logs in with. Default: nothing. */
  credentials?: Credentials;
  /** What each new process is told as soon as it accepts commands and its files cannot say. */
  prepare?: (node: RedisNode) => Promise<void>;
}

/** What Redis stores its data in, under the names of the default configuration. */
const DATA_FILES = ['dump.rdb', 'appendonlydir', 'appendonly.aof'];

/** A redis-server or Sentinel process of a topology. */
export class RedisNode implements TopologyNode {
  readonly name: string;
  readonly kind: TopologyNode['kind'];
  readonly host: Host;
  readonly configuration: string;
  readonly announced: string;
  readonly control: Redis;
  readonly #redisServer: string;
  readonly #dir: string;
  readonly #files: Readonly<Record<string, string>>;
  readonly #process: NodeProcess;
  readonly #prepare: (node: RedisNode) => Promise<void>;
  #prepared: RunningProcess | null = null;

  constructor(options: RedisNodeOptions) {
    const { kind, address, host, redisServer, configuration, credentials, prepare, files = {} } = options;
    this.#prepare = prepare ?? (async () => {});
    this.#files = files;
    this.name = address.name;
    this.#process = new NodeProcess(address.name);
    this.kind = kind;
    this.host = host;
    this.configuration = configuration;
    this.announced = `${address.announced}:${address.ports.client}`;
    this.#redisServer = redisServer;
    this.#dir = path.join(host.dir, address.name);
    this.control = new Redis({
      host: address.direct,
      port: address.ports.client ?? 0,
      ...credentials,
      lazyConnect: true,
      protocol: 2,
      disableClientInfo: true,
      enableReadyCheck: false,
      connectTimeout: 1000,
      commandTimeout: 2000,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      retryStrategy: () => 10,
    });
    // Every command's own promise tells; the event only must not be unheard.
    this.control.on('error', () => {});
  }

  get process(): RunningProcess | null {
    return this.#process.current;
  }

  onChange(listener: (change: NodeChange) => void): void {
    this.#process.onChange(listener);
  }

  async start(data: 'kept' | 'lost'): Promise<void> {
    if (this.#process.isRunning) return;
    const file = path.join(this.#dir, 'node.conf');
    const first = this.#process.begin();
    if (data === 'lost' && !first) this.#loseData();
    mkdirSync(this.#dir, { recursive: true });
    const found = DATA_FILES.some((name) => existsSync(path.join(this.#dir, name))) ? 'kept' : 'lost';
    if (first) {
      writeFileSync(file, this.configuration);
      for (const [name, text] of Object.entries(this.#files)) writeFileSync(path.join(this.#dir, name), text);
    }
    const process = await this.host.start({
      name: this.name,
      command: this.#redisServer,
      args: [file, ...(this.kind === 'sentinel' ? ['--sentinel'] : [])],
      cwd: this.#dir,
    });
    this.#process.started(process, found, first);
  }

  async accepting(withinMs: number): Promise<void> {
    await until(
      async () => {
        this.#process.mustRun('accepted commands');
        return (await this.control.ping()) === 'PONG';
      },
      { what: `${this.name} to accept commands`, withinMs, everyMs: 4, fatal: LabError },
    );
    if (this.#prepared === this.process) return;
    this.#prepared = this.process;
    await this.#prepare(this);
  }

  /** Removes what Redis stores and keeps its configuration, which a restart needs. */
  #loseData(): void {
    for (const name of DATA_FILES) {
      rmSync(path.join(this.#dir, name), { recursive: true, force: true });
    }
  }
}
