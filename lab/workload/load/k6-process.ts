import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { sleep } from '../../common/clock.ts';
import { LabError, messageOf } from '../../common/errors.ts';
import { until } from '../../common/until.ts';
import type { LoadProcessConfig, ScriptConfig } from './load-protocol.ts';

const SCRIPT = path.join(import.meta.dirname, `k6/main${path.extname(import.meta.filename)}`);
/** Of k6's own words the last ones, for an error. */
const linesKept = 30;
/** k6's number for "paused before the run". */
const pausedBeforeRun = 4;

/** k6 under the lab's hands: made ready, started, stopped by its REST API on this host's loopback. */
export class K6 {
  readonly process: ChildProcess;
  /** Resolves when k6 has ended and all that it said has been read. */
  readonly ended: Promise<void>;
  /** What k6 said that was not the script's. */
  readonly words: string[] = [];
  readonly #api: string;

  constructor(
    config: LoadProcessConfig,
    script: ScriptConfig,
    port: number,
    take: (line: string) => boolean,
  ) {
    const { tools, workload } = config;
    const api = `127.0.0.1:${port}`;
    this.#api = `http://${api}/v1/status`;
    const quiet = [
      '--quiet',
      '--no-usage-report',
      '--no-color',
      '--log-format',
      'raw',
      '--log-output',
      'stdout',
    ];
    const args = ['run', '--paused', '--address', api, ...quiet, workload.script ?? SCRIPT];
    const dying = tools.setpriv === undefined ? [] : [tools.setpriv, '--pdeathsig', 'KILL'];
    const [program = '', ...rest] = [...dying, tools.k6, ...args];
    this.process = spawn(program, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // GOGC: k6 shares the machine with what it measures, and by default collects its small heap all the time.
      env: { PATH: process.env.PATH, HOME: '/nonexistent', GOGC: '400', LAB_LOAD: JSON.stringify(script) },
    });
    const { stdout, stderr } = this.process;
    if (stdout === null || stderr === null) throw new RangeError('a process started with pipes has them');
    const own = (line: string) => {
      // k6 says of each request that failed that it did; the history says so too.
      if (line.trim() === '' || line === 'Request Failed') return;
      this.words.push(line);
      if (this.words.length > linesKept) this.words.shift();
    };
    createInterface(stdout).on('line', (line) => {
      if (!take(line)) own(line);
    });
    createInterface(stderr).on('line', own);
    this.ended = new Promise((resolve, reject) => {
      this.process.once('close', () => resolve());
      this.process.once('error', (cause) =>
        reject(new LabError(`cannot start k6 (${tools.k6}): ${messageOf(cause)}`, { cause })),
      );
    });
    this.ended.catch(() => {});
  }

  /** Resolves when the script is compiled and all virtual users are made. Throws LabError with k6's own words when it ends instead. */
  async ready(withinMs: number): Promise<void> {
    let over = false;
    const early = this.ended.then(() => {
      if (!over) throw this.endedEarly();
    });
    const paused = until(
      async () => over || this.process.exitCode !== null || (await this.#status()) === pausedBeforeRun,
      { what: 'k6 to be ready', withinMs },
    );
    try {
      await Promise.race([early, paused]);
      if (this.process.exitCode !== null) await early;
    } finally {
      over = true;
    }
  }

  /** The error of a k6 that ended although nobody told it to. */
  endedEarly(): LabError {
    const { exitCode, signalCode } = this.process;
    return new LabError(`k6 ended by ${signalCode ?? `exit code ${exitCode}`}`, { details: this.words });
  }

  /** Starts all journeys. */
  resume(): Promise<void> {
    return this.#patch({ paused: false });
  }

  /** Tells all virtual users to end what they are at: one more of them is what they look out for. */
  announceStop(): Promise<void> {
    return this.#patch({ 'vus-max': 2 });
  }

  /** Ends k6; the script then says its summary. */
  async end(withinMs: number): Promise<void> {
    await this.#patch({ stopped: true });
    const late = new AbortController();
    await Promise.race([this.ended, sleep(withinMs, late.signal).catch(() => {})]);
    late.abort();
    if (this.process.exitCode === null) this.kill();
    await this.ended;
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }

  async #status(): Promise<number> {
    const answer = await fetch(this.#api).catch(() => undefined);
    if (answer === undefined) return -1;
    const { data } = (await answer.json()) as { data: { attributes: { status: number } } };
    return data.attributes.status;
  }

  async #patch(attributes: Record<string, boolean | number>): Promise<void> {
    const body = JSON.stringify({ data: { type: 'status', id: 'default', attributes } });
    const answer = await fetch(this.#api, { method: 'PATCH', body });
    if (!answer.ok)
      throw new LabError(`k6 refused ${JSON.stringify(attributes)}: ${answer.status} ${await answer.text()}`);
  }
}
