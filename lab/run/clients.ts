import path from 'node:path';
import { createInterface } from 'node:readline';
import { EXIT_WITHIN_MS } from '../common/before-exit.ts';
import { LabError } from '../common/errors.ts';
import { appendCrash } from '../history/create-log.ts';
import type { LoadSummary } from '../history/observations.ts';
import type { ClientInfo } from '../history/operation.ts';
import type { Host, RunningProcess } from '../hosts/host.ts';
import { tailOf } from '../hosts/log-tail.ts';
import type { LoadProcessConfig } from '../workload/load/load-protocol.ts';
import type { ClientProcessConfig, FromClients, ToClients } from '../workload/protocol.ts';
import type { RunContext } from './context.ts';

/** Operations so far, by outcome. */
export interface Tally {
  ok: number;
  fail: number;
  info: number;
}

/** What a group's process is given: users of the application are driven by k6, the rest are clients of Redis. */
export type GroupConfig = ClientProcessConfig | LoadProcessConfig;

function scriptOf(config: GroupConfig): string {
  const name = config.workload.kind === 'load' ? 'load/load-process' : 'client-process';
  return path.join(import.meta.dirname, `../workload/${name}${path.extname(import.meta.filename)}`);
}

/** Starts one workload's client process on its host. */
export async function startClients(
  run: RunContext,
  host: Host,
  config: GroupConfig,
  table: ClientInfo[],
): Promise<ClientGroup> {
  const started = await host.start({
    name: `clients-${config.workload.name}`,
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', scriptOf(config)],
    stdio: 'pipe',
  });
  return new ClientGroup(run, started, config, table);
}

/** One workload's client process on its host. */
export class ClientGroup {
  readonly name: string;
  readonly process: RunningProcess;
  /** Resolves when all its clients are connected. */
  readonly ready: Promise<void>;
  tally: Tally = { ok: 0, fail: 0, info: 0 };
  /** What k6 said at the end of a load. */
  summary: LoadSummary | null = null;
  #said: FromClients['type'] | null = null;

  constructor(run: RunContext, started: RunningProcess, config: GroupConfig, table: ClientInfo[]) {
    this.name = config.workload.name;
    this.process = started;
    const { stdout } = this.process;
    if (stdout === null) throw new RangeError('a process started with pipes has a stdout');
    this.ready = new Promise((resolve, reject) => {
      const lines = createInterface({ input: stdout });
      lines.on('line', (text) => {
        const line = JSON.parse(text) as FromClients;
        this.#said = line.type;
        if (line.type === 'ready') resolve();
        if (line.type === 'stats' || line.type === 'done') this.tally = line;
        if (line.type === 'done' || line.type === 'error') this.#mustGo();
        if (line.type === 'summary') {
          const { load, thresholds, metrics } = line;
          this.summary = { load, thresholds, metrics };
        }
        if (line.type === 'error') {
          const { message, details = [] } = line;
          const error = new LabError(`clients of ${this.name}: ${message}`, { details });
          reject(error);
          run.abort(error);
        }
      });
      void this.process.exited.then((exit) => {
        if (this.#said === 'done' || this.#said === 'error') return;
        if (exit.signal === 'SIGKILL' && this.#said !== null) return this.#crashed(run, config, table);
        const how = exit.signal ?? `exit code ${exit.code}`;
        const error = new LabError(`the client process of ${this.name} ended by ${how}`, {
          details: tailOf(this.process.log),
        });
        reject(error);
        run.abort(error);
      });
    });
    // It may fail while nobody is waiting yet; whoever waits later still gets the error.
    this.ready.catch(() => {});
    this.process.stdin?.write(`${JSON.stringify(config)}\n`);
  }

  start(): void {
    this.#tell({ type: 'start' });
  }

  /** Stops issuing, gives what is under way `graceMs`, and resolves when the history is on disk. */
  async stop(graceMs: number): Promise<void> {
    if (this.process.exit !== null) return;
    this.#tell({ type: 'stop', graceMs });
    await this.process.exited;
  }

  #mustGo(): void {
    const timer = setTimeout(() => this.process.signal('SIGKILL'), EXIT_WITHIN_MS);
    void this.process.exited.then(() => clearTimeout(timer));
  }

  #tell(line: ToClients): void {
    this.process.stdin?.write(`${JSON.stringify(line)}\n`);
  }

  /** Its host crashed under it: what it had not yet recorded is unknown from now on. */
  #crashed(run: RunContext, config: GroupConfig, table: ClientInfo[]): void {
    const at = run.clock.now();
    for (const { index } of config.clients) {
      appendCrash(run.historyFile, index, at);
      const info = table[index];
      if (info !== undefined) info.crashedAt = at;
    }
  }
}
