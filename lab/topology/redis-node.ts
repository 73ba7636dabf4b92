import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import { LabError } from '../common/errors.ts';
import { until } from '../common/until.ts';
import type { Host, RunningProcess } from '../hosts/host.ts';
import { tailOf } from '../hosts/log-tail.ts';
import type { NodeAddress } from '../mesh/address-book.ts';
import type { Credentials } from './access.ts';
import type { NodeChange, TopologyNode } from './topology.ts';

export interface RedisNodeOptions {
  kind: TopologyNode['kind'];
  address: NodeAddress;
  host: Host;
  /** Path of redis-server; a Sentinel is the same program with `--sentinel`. */
  redisServer: string;
  /** The configuration file's text. */
  configuration: string;
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
  readonly #listeners: ((change: NodeChange) => void)[] = [];
  readonly #prepare: (node: RedisNode) => Promise<void>;
  #process: RunningProcess | null = null;
  #prepared: RunningProcess | null = null;
  #started = false;

  constructor({ kind, address, host, redisServer, configuration, credentials, prepare }: RedisNodeOptions) {
    this.#prepare = prepare ?? (async () => {});
    this.name = address.name;
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
    return this.#process;
  }

  onChange(listener: (change: NodeChange) => void): void {
    this.#listeners.push(listener);
  }

  async start(data: 'kept' | 'lost'): Promise<void> {
    if (this.#process !== null && this.#process.exit === null) return;
    const file = path.join(this.#dir, 'node.conf');
    const first = !this.#started;
    if (data === 'lost' && !first) this.#loseData();
    mkdirSync(this.#dir, { recursive: true });
    const found = DATA_FILES.some((name) => existsSync(path.join(this.#dir, name))) ? 'kept' : 'lost';
    if (first) writeFileSync(file, this.configuration);
    this.#started = true;
    const process = this.host.start({
      name: this.name,
      command: this.#redisServer,
      args: [file, ...(this.kind === 'sentinel' ? ['--sentinel'] : [])],
      cwd: this.#dir,
    });
    this.#process = process;
    this.#tell({ change: 'started', data: found, first });
    void process.exited.then((exit) => this.#tell({ change: 'ended', exit }));
  }

  async accepting(withinMs: number): Promise<void> {
    await until(
      async () => {
        const process = this.#process;
        if (process === null || process.exit !== null) throw this.#endedAtOnce();
        return (await this.control.ping()) === 'PONG';
      },
      { what: `${this.name} to accept commands`, withinMs, everyMs: 4, fatal: LabError },
    );
    if (this.#prepared === this.#process) return;
    this.#prepared = this.#process;
    await this.#prepare(this);
  }

  /** Removes what Redis stores and keeps its configuration, which a restart needs. */
  #loseData(): void {
    for (const name of DATA_FILES) {
      rmSync(path.join(this.#dir, name), { recursive: true, force: true });
    }
  }

  #endedAtOnce(): LabError {
    const exit = this.#process?.exit;
    const how = exit ? `with ${exit.signal ?? `exit code ${exit.code}`}` : 'before it started';
    return new LabError(`${this.name} ended ${how} before it accepted commands`, {
      details: this.#process ? tailOf(this.#process.log) : [],
    });
  }

  #tell(change: NodeChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
