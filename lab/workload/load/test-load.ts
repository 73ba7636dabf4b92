/** A load's process under test, as the lab would start it, and what it has recorded. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { monotonicMs } from '../../common/clock.ts';
import { until } from '../../common/until.ts';
import { createLog } from '../../history/create-log.ts';
import type { Operation } from '../../history/operation.ts';
import { readHistory } from '../../history/read-history.ts';
import { findTools } from '../../tools/find-tools.ts';
import type { FromClients, ToClients } from '../protocol.ts';
import type { AppEndpoint, LoadProcessConfig } from './load-protocol.ts';
import type { LoadWorkload } from './load-workload.ts';

const entry = fileURLToPath(new URL('load-process.ts', import.meta.url));

export class TestLoad {
  readonly process: ChildProcess;
  readonly lines: FromClients[] = [];
  readonly startOfRunMs = monotonicMs();
  readonly dir = mkdtempSync(join(tmpdir(), 'lab-load-'));
  readonly historyFile = join(this.dir, 'history.jsonl');

  private constructor(
    workload: LoadWorkload,
    config: Pick<LoadProcessConfig, 'apps' | 'tools'> & Partial<LoadProcessConfig>,
  ) {
    const clients = Array.from({ length: workload.clients }, (_, index) => ({
      index,
      name: `${workload.name}/${index + 1}`,
    }));
    createLog(
      this.historyFile,
      clients.map(({ name }) => ({ name, group: workload.name, host: 'test' })),
    );
    this.process = spawn(process.execPath, [entry], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.process.stdout)
      createInterface(this.process.stdout).on('line', (line) => this.lines.push(JSON.parse(line)));
    const { startOfRunMs, historyFile } = this;
    this.write({
      workload,
      clients,
      historyFile,
      startOfRunMs,
      seed: 1,
      ...config,
    } satisfies LoadProcessConfig);
  }

  /** Its process, with the k6 and the setpriv of this machine. */
  static async of(
    workload: LoadWorkload,
    apps: readonly AppEndpoint[],
    config: Partial<LoadProcessConfig> = {},
  ): Promise<TestLoad> {
    const found = await findTools(['k6', 'setpriv']);
    return new TestLoad(workload, {
      apps,
      tools: { k6: found.k6.path, setpriv: found.setpriv.path },
      ...config,
    });
  }

  now(): number {
    return monotonicMs() - this.startOfRunMs;
  }

  async line<T extends FromClients['type']>(type: T): Promise<Extract<FromClients, { type: T }>> {
    const is = (line: FromClients): line is Extract<FromClients, { type: T }> => line.type === type;
    return until(() => this.lines.findLast(is), { what: `the load's "${type}"`, withinMs: 30_000 });
  }

  async started(): Promise<this> {
    await this.line('ready');
    this.write({ type: 'start' } satisfies ToClients);
    return this;
  }

  /** Resolves when at least `count` operations have ended in any way. */
  async operationsSoFar(count: number): Promise<void> {
    const enough = () =>
      this.lines.some((line) => line.type === 'stats' && line.ok + line.fail + line.info >= count);
    await until(enough, { what: `${count} operations`, withinMs: 40_000 });
  }

  /** Stops the load and waits for the process; gives its exit code. */
  async stopped(graceMs = 1000): Promise<number | null> {
    this.write({ type: 'stop', graceMs } satisfies ToClients);
    return this.exited();
  }

  async exited(): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, 'exit');
    return this.process.exitCode;
  }

  async operations(): Promise<Operation[]> {
    return [...(await readHistory(this.historyFile)).history.operations];
  }

  /** The process id of k6, the only child. */
  k6(): number {
    const { pid } = this.process;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
  }

  async end(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGKILL');
      await once(this.process, 'exit');
    }
    rmSync(this.dir, { recursive: true, force: true });
  }

  private write(message: object): void {
    this.process.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}
