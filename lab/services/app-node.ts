import { mkdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import path from 'node:path';
import { LabError } from '../common/errors.ts';
import { until } from '../common/until.ts';
import type { Host, RunningProcess } from '../hosts/host.ts';
import type { NodeAddress } from '../mesh/address-book.ts';
import { NodeProcess } from '../topology/node-process.ts';
import type { LabNode, NodeChange } from '../topology/topology.ts';

const MAIN = path.join(import.meta.dirname, `../app/main${path.extname(import.meta.filename)}`);

/** One instance of the application, a process on a host of its own. */
export class AppNode implements LabNode {
  readonly name: string;
  readonly kind = 'app';
  readonly host: Host;
  readonly configuration: string;
  readonly announced: string;
  readonly #address: { host: string; port: number };
  readonly #process: NodeProcess;

  constructor(address: NodeAddress, host: Host, config: object) {
    const port = address.ports.client ?? 0;
    this.name = address.name;
    this.#process = new NodeProcess(address.name);
    this.host = host;
    this.announced = `${address.announced}:${port}`;
    this.configuration = JSON.stringify(config, null, 2);
    this.#address = { host: address.direct, port };
  }

  get process(): RunningProcess | null {
    return this.#process.current;
  }

  onChange(listener: (change: NodeChange) => void): void {
    this.#process.onChange(listener);
  }

  /** An instance keeps nothing on disk, so it makes no difference whether its data is kept. */
  async start(): Promise<void> {
    if (this.#process.isRunning) return;
    const dir = path.join(this.host.dir, this.name);
    const file = path.join(dir, 'config.json');
    mkdirSync(dir, { recursive: true });
    writeFileSync(file, this.configuration);
    const first = this.#process.begin();
    const started = await this.host.start({
      name: this.name,
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', MAIN, file],
      cwd: dir,
    });
    this.#process.started(started, 'lost', first);
  }

  /** Waits until `GET /ready` answers 200: its database and its servers are there. */
  async accepting(withinMs: number): Promise<void> {
    await until(
      async () => {
        this.#process.mustRun('was ready');
        await this.get('/ready');
        return true;
      },
      { what: `${this.name} to be ready`, withinMs, everyMs: 10, fatal: LabError },
    );
  }

  /** What it answers to the lab, past the mesh: the body of a 200. Rejects with the status and body otherwise. */
  async get<Body>(path: string): Promise<Body> {
    return JSON.parse(await this.text(path)) as Body;
  }

  /** The same for what is no JSON. */
  async text(path: string): Promise<string> {
    const { status, body } = await answerOf({ ...this.#address, path });
    if (status !== 200)
      throw new Error(`${this.name} answered ${path} with ${status}: ${body.slice(0, 500)}`);
    return body;
  }
}

function answerOf(target: {
  host: string;
  port: number;
  path: string;
}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = get({ ...target, agent: false, timeout: 1000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 1000 ms')));
    request.on('error', reject);
  });
}
