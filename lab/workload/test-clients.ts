/** A client process under test, as the lab would start it, and what it has recorded. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { monotonicMs } from '../common/clock.ts';
import { until } from '../common/until.ts';
import { createLog } from '../history/create-log.ts';
import type { Operation, Outcome } from '../history/operation.ts';
import type { NodeNames } from './connection.ts';
import type { Endpoint, FromClients, ToClients } from './protocol.ts';
import type { TestServers } from './test-servers.ts';
import type { RedisWorkload } from './workload.ts';

const clientProcess = new URL('client-process.ts', import.meta.url);

export interface TestClientsOptions {
  nodes?: NodeNames;
  /** Elsewhere than in the servers' directory; it is then not begun with a header. */
  historyFile?: string;
  /** What to run instead of the client process. */
  entry?: URL;
}

export class TestClients {
  readonly process: ChildProcess;
  readonly lines: FromClients[] = [];
  readonly startOfRunMs = monotonicMs();
  readonly historyFile: string;

  constructor(
    servers: TestServers,
    workload: RedisWorkload,
    connection: Endpoint,
    options: TestClientsOptions = {},
  ) {
    const { nodes = {}, historyFile } = options;
    this.historyFile = historyFile ?? join(servers.dir, `${workload.name}.jsonl`);
    const clients = Array.from({ length: workload.clients }, (_, index) => ({ index, name: `c-${index}` }));
    const table = clients.map(({ name }) => ({ name, group: workload.name, host: 'test' }));
    if (historyFile === undefined) createLog(this.historyFile, table);
    this.process = spawn(process.execPath, [fileURLToPath(options.entry ?? clientProcess)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    servers.track(this.process);
    if (this.process.stdout)
      createInterface(this.process.stdout).on('line', (line) => this.lines.push(JSON.parse(line)));
    const { startOfRunMs } = this;
    this.write({
      workload,
      clients,
      connection,
      nodes,
      historyFile: this.historyFile,
      startOfRunMs,
      seed: 1,
    });
  }

  now(): number {
    return monotonicMs() - this.startOfRunMs;
  }

  send(message: ToClients): void {
    this.write(message);
  }

  async line<T extends FromClients['type']>(type: T): Promise<Extract<FromClients, { type: T }>> {
    const is = (line: FromClients): line is Extract<FromClients, { type: T }> => line.type === type;
    return until(() => this.lines.findLast(is), { what: `the clients' "${type}"`, withinMs: 30_000 });
  }

  async started(): Promise<this> {
    await this.line('ready');
    this.send({ type: 'start' });
    return this;
  }

  /** Resolves when at least `count` operations have ended `ok`. */
  async oks(count: number): Promise<void> {
    const enough = () => this.lines.some((line) => line.type === 'stats' && line.ok >= count);
    await until(enough, { what: `${count} operations that ended ok`, withinMs: 30_000 });
  }

  /** Stops the load and waits for the process; gives its exit code. */
  async stopped(graceMs = 1000): Promise<number | null> {
    this.send({ type: 'stop', graceMs });
    return this.exited();
  }

  async exited(): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, 'exit');
    return this.process.exitCode;
  }

  /** The operations in the file, in the order in which they were recorded. */
  operations(): Operation[] {
    const rows: unknown[] = readFileSync(this.historyFile, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    return rows.filter(isRow).map(toOperation);
  }

  private write(message: object): void {
    this.process.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}

type Row = [
  client: number,
  f: string,
  key: string,
  value: number | null,
  invoked: number,
  completed: number,
  outcome: Outcome,
  node: string | null,
  error: string | null,
  redirects?: number,
];

function isRow(line: unknown): line is Row {
  return Array.isArray(line);
}

function toOperation([
  client,
  f,
  key,
  value,
  invoked,
  completed,
  outcome,
  node,
  error,
  redirects,
]: Row): Operation {
  const operation = { client: `c-${client}`, f, key, value, invoked, completed, outcome, node, error };
  return redirects === undefined ? operation : { ...operation, redirects };
}
