import { appendFileSync, chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { LabError } from '../common/errors.ts';
import { type ClockSettings, clockBytes } from '../time/clock-file.ts';
import { type HostClock, hostClock } from '../time/host-clock.ts';
import type { ContainerStarter, Launched } from './container-starter.ts';
import { containerOf } from './foreign-orders.ts';
import type { Host, HostSpec, ProcessExit, ProcessSpec, RunningProcess } from './host.ts';

/** What all hosts of a lab have in common. */
export interface ContainerSurroundings {
  starter: ContainerStarter;
  network: Docker.Network;
  /** The lab's name, with which those of its containers begin. */
  lab: string;
  /** `198.18.7`. */
  prefix: string;
  scratch: string;
  logs: string;
  clock?: ClockSettings;
  /** Called when a container ends that nobody of us has ended. */
  onLost(error: LabError): void;
}

const FIRST_NUMBER = 2;

/**
 * A host is the network of a container that does nothing but be there, so that it outlives every process: programs,
 * the host's Toxiproxy first, run in containers of their own that share it.
 */
export class ContainerHost implements Host {
  readonly name: string;
  readonly zone: string | null;
  readonly address: string;
  readonly dir: string;
  readonly clock?: HostClock;
  readonly #spec: HostSpec;
  readonly #index: number;
  readonly #lab: ContainerSurroundings;
  readonly #running = new Set<RunningProcess>();
  readonly #exists = Promise.withResolvers<string>();
  #holder: Promise<Launched> | null = null;
  #isClosing = false;

  constructor(spec: HostSpec, index: number, lab: ContainerSurroundings) {
    this.name = spec.name;
    this.zone = spec.zone ?? null;
    this.address = `${lab.prefix}.${FIRST_NUMBER + index}`;
    this.dir = path.join(lab.scratch, 'hosts', spec.name);
    this.#spec = spec;
    this.#index = index;
    this.#lab = lab;
    if (lab.clock !== undefined) this.clock = hostClock(this.#clockFile, lab.clock);
  }

  /**
   * Starts the container that holds the host's network; resolves once it runs. Whatever is done on the host until then
   * waits for it.
   */
  async open(): Promise<void> {
    mkdirSync(this.dir, { recursive: true });
    // PostgreSQL runs as somebody else than the lab where the lab is root.
    chmodSync(this.dir, 0o777);
    const { clock, starter, onLost } = this.#lab;
    if (clock !== undefined) writeFileSync(this.#clockFile, clockBytes(clock));
    const { promise, resolve, reject } = this.#exists;
    promise.catch(() => {});
    const launch = {
      name: this.name,
      host: this.name,
      command: 'sleep',
      args: ['infinity'],
      cwd: '/',
      network: { own: this.#endpoint(), sysctls: steadySyns() },
    };
    this.#holder = starter.launch(launch, resolve);
    this.#holder.catch(reject);
    const holder = await this.#holder;
    for (const output of [holder.stdout, holder.stderr]) output.resume();
    void holder.exited.then((exit) => {
      if (this.#isClosing) return;
      onLost(this.#lost(this.name, holder.container, exit));
    });
  }

  /** Its own address, those of its nodes, and one by which it is a neighbour of others' nodes. */
  #endpoint(): Docker.EndpointSettings {
    const numbers = this.address.split('.').map(Number);
    const hex = numbers.map((number) => number.toString(16).padStart(2, '0'));
    return {
      // The same whenever the cable is plugged in: others have it noted down.
      MacAddress: ['02', '42', ...hex].join(':'),
      IPAMConfig: {
        IPv4Address: this.address,
        LinkLocalIPs: [`169.254.2.${this.#index + 1}`, ...this.#spec.nodeAddresses],
      },
    };
  }

  async start(spec: ProcessSpec): Promise<RunningProcess> {
    const log = path.join(this.#lab.logs, `${spec.name}.log`);
    const launched = await this.#lab.starter.launch({
      name: spec.name,
      host: this.name,
      command: spec.command,
      args: spec.args,
      env: { ...this.#clockEnvironment(), ...spec.env },
      cwd: spec.cwd ?? this.dir,
      network: this.#network,
    });
    appendFileSync(log, '');
    const isPipe = spec.stdio === 'pipe';
    if (!isPipe) launched.stdin.end();
    for (const output of isPipe ? [launched.stderr] : [launched.stdout, launched.stderr])
      output.on('data', (chunk: Buffer) => appendFileSync(log, chunk));
    const running = this.#process(spec.name, launched, log, isPipe);
    this.#running.add(running);
    void running.exited.then(() => this.#running.delete(running));
    return running;
  }

  #process(name: string, launched: Launched, log: string, isPipe: boolean): RunningProcess {
    let exit: ProcessExit | null = null;
    let isTold = false;
    const exited = launched.exited.then((how) => {
      exit = how;
      const isForeign = how.signal === 'SIGKILL' || how.signal === 'SIGTERM';
      if (isForeign && !isTold && !this.#isClosing)
        this.#lab.onLost(this.#lost(name, launched.container, how));
      return how;
    });
    return {
      name,
      pid: launched.pid ?? 0,
      log,
      exited,
      stdin: isPipe ? launched.stdin : null,
      stdout: isPipe ? launched.stdout : null,
      get exit() {
        return exit;
      },
      signal(signal) {
        if (exit !== null) return;
        isTold ||= signal === 'SIGKILL' || signal === 'SIGTERM';
        launched.signal(signal);
      },
    };
  }

  async run(command: string, args: readonly string[], input?: string): Promise<string> {
    const launched = await this.#lab.starter.launch({
      name: `${this.name}-run`,
      host: this.name,
      command,
      args,
      env: this.#clockEnvironment(),
      cwd: this.dir,
      network: this.#network,
    });
    launched.stdin.end(input === undefined ? '' : `${input}\n`);
    const [stdout, stderr, exit] = await Promise.all([
      text(launched.stdout),
      text(launched.stderr),
      launched.exited,
    ]);
    if (exit.code === 0) return stdout;
    const said = stderr.trim() || (exit.signal ?? `exit code ${exit.code}`);
    throw new LabError(`${[command, ...args].join(' ')} failed: ${said}`);
  }

  /** It runs as an ordinary user already. */
  asOrdinaryUser(command: string, args: readonly string[]): [string, string[]] {
    return [command, [...args]];
  }

  async cable(state: 'in' | 'out'): Promise<void> {
    const { network } = this.#lab;
    const { of, up } = this.#network;
    await up;
    const Container = await of;
    if (state === 'out') await network.disconnect({ Container, Force: false });
    else await network.connect({ Container, EndpointConfig: this.#endpoint() });
  }

  processes(): readonly RunningProcess[] {
    return [...this.#running];
  }

  /** Ends everything on it, and itself. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const running = this.processes();
    for (const process of running) process.signal('SIGKILL');
    const holder = await this.#holder?.catch(() => null);
    holder?.signal('SIGKILL');
    await Promise.all([...running, holder].map((each) => each?.exited));
  }

  #lost(process: string, container: string, { signal, code }: ProcessExit): LabError {
    return new LabError(
      `${containerOf(process, this.name)} ended in the middle of the run, and not by the lab`,
      {
        details: [
          `${container} ended by ${signal ?? `exit code ${code}`}: from somebody outside, or from the kernel for want of memory`,
        ],
      },
    );
  }

  /** The container whose network it is. */
  get #network(): { of: Promise<string>; up: Promise<unknown> } {
    if (this.#holder === null) throw new RangeError(`the host ${this.name} was not opened`);
    return { of: this.#exists.promise, up: this.#holder };
  }

  get #clockFile(): string {
    return path.join(this.dir, 'clock');
  }

  #clockEnvironment(): Record<string, string> {
    return this.#lab.clock === undefined ? {} : { LAB_CLOCK: this.#clockFile };
  }
}

/** See STEADY_SYNS in namespaces.ts. A daemon refuses a container with a setting that its kernel lacks. */
function steadySyns(): Record<string, string> {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  const isThere = major > 6 || (major === 6 && minor >= 5);
  return {
    'net.ipv4.tcp_syn_retries': '120',
    ...(isThere ? { 'net.ipv4.tcp_syn_linear_timeouts': '120' } : {}),
  };
}
