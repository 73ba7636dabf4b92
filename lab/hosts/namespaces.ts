import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, closeSync, constants, mkdirSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '../common/errors.ts';
import { type ClockSettings, clockBytes } from '../time/clock-file.ts';
import { type HostClock, hostClock } from '../time/host-clock.ts';
import type { Host, HostBackend, HostSpec, ProcessExit, ProcessSpec, RunningProcess } from './host.ts';
import { nodeAddresses } from './node-address.ts';

/**
 * Hosts as Linux network namespaces. It expects to run inside a sandbox (sandbox.ts): its own network, mount
 * and process namespaces, in which it is the first process. So nothing here needs undoing: when the first
 * process ends, however it ends, the kernel ends the others and frees namespaces, links and the tmpfs.
 *
 * The sandbox's own network namespace is the switch: a bridge joins the hosts, and the lab talks to every node
 * from there, past the faults.
 */
export interface NamespacesOptions {
  /** A directory on the sandbox's private tmpfs. */
  scratch: string;
  /** Directory for the logs of all processes; on the real file system, kept. */
  logs: string;
  /** Path of iproute2's `ip`. */
  ip: string;
  /** Where the lab has a clock of its own: what each host's clock shows at first. */
  clock?: ClockSettings;
}

const NETWORK_PREFIX_BITS = 16;
/**
 * A Toxiproxy that opens a connection to a host that is silent waits for it, and meanwhile accepts nobody else on
 * that link. With a SYN every second instead of ever fewer, it goes on a second after the host has come back, as
 * peers that reconnect would (Linux ≥ 6.5 has the setting; older kernels take longer).
 */
const STEADY_SYNS =
  'cd /proc/sys/net/ipv4; { echo 120 > tcp_syn_linear_timeouts; echo 120 > tcp_syn_retries; } 2>/dev/null';

/**
 * The kernel keeps 1024 learned neighbours for all namespaces of the machine together (gc_thresh3 of arp(7), which
 * no namespace can raise), and among thirty hosts each of which talks to both addresses of each other there are
 * 1740: packets are lost then ("neighbor table overflow"). From this many on they are written down instead, which
 * do not count. Not below, because a learned neighbour that has crashed is unreachable after a while, as in a rack.
 */
const MOST_LEARNED_NEIGHBOURS = 400;

/** Of 198.18.0.0/15, which is reserved for benchmarking networks (RFC 2544) and so collides with nobody. */
const SWITCH_ADDRESS = '198.18.255.254';

export function namespaces(options: NamespacesOptions): HostBackend {
  const hosts = new Map<string, NamespaceHost>();
  return {
    name: 'namespaces',
    nodeAddress: nodeAddresses.namespaces,
    async create(specs) {
      const nsDir = path.join(options.scratch, 'ns');
      mkdirSync(nsDir, { recursive: true });
      const created = specs.map((spec, index) => new NamespaceHost(spec, index, nsDir, options));
      await Promise.all(created.map((host) => host.unshare()));
      // The switch's end of each cable goes up first: the kernel notices the carrier of the end that was up first
      // at once, but that of the other up to a second later (linkwatch), and until then the bridge is deaf there.
      await batch(options.ip, [
        'link set lo up',
        'link add br0 type bridge',
        `addr add ${SWITCH_ADDRESS}/${NETWORK_PREFIX_BITS} dev br0`,
        'link set br0 up',
        ...created.flatMap((host) => host.cableLines()),
      ]);
      const addresses = created.flatMap((host) => host.addresses());
      const written = addresses.length * (created.length - 1) > MOST_LEARNED_NEIGHBOURS;
      await Promise.all(created.map((host) => host.connect(written ? created : [])));
      for (const host of created) hosts.set(host.name, host);
      return hosts;
    },
    async close() {
      const alive = [...hosts.values()].flatMap((host) => host.processes());
      for (const process of alive) process.signal('SIGKILL');
      await Promise.all(alive.map((process) => process.exited));
    },
  };
}

class NamespaceHost implements Host {
  readonly name: string;
  readonly zone: string | null;
  readonly address: string;
  readonly dir: string;
  /** The switch's end of this host's cable. */
  readonly #port: string;
  readonly #mac: string;
  readonly #file: string;
  readonly #spec: HostSpec;
  readonly #options: NamespacesOptions;
  readonly #running = new Set<RunningProcess>();
  readonly clock?: HostClock;

  constructor(spec: HostSpec, index: number, nsDir: string, options: NamespacesOptions) {
    this.name = spec.name;
    this.zone = spec.zone ?? null;
    this.address = `198.18.1.${index + 1}`;
    this.dir = path.join(options.scratch, 'hosts', spec.name);
    this.#port = `port${index}`;
    this.#mac = `02:00:c6:12:01:${(index + 1).toString(16).padStart(2, '0')}`;
    this.#file = path.join(nsDir, spec.name);
    this.#spec = spec;
    this.#options = options;
    if (options.clock !== undefined) this.clock = hostClock(this.#clockFile, options.clock);
  }

  /** Makes the namespace; the file keeps it. */
  async unshare(): Promise<void> {
    mkdirSync(this.dir, { recursive: true });
    const { clock } = this.#options;
    if (clock !== undefined) writeFileSync(this.#clockFile, clockBytes(clock));
    closeSync(openSync(this.#file, 'w'));
    await command('unshare', [`--net=${this.#file}`, 'true']);
  }

  /** For `ip -batch` in the switch: a cable from the bridge into this host. */
  cableLines(): string[] {
    return [
      `link add ${this.#port} type veth peer name eth0 address ${this.#mac} netns ${this.#file}`,
      `link set ${this.#port} master br0 up`,
    ];
  }

  /** Under which it is reached: its own and its nodes'. */
  addresses(): string[] {
    return [this.address, ...this.#spec.nodeAddresses];
  }

  /** Plugs the cable in; `neighbours` are the hosts whose addresses are written down instead of learned. */
  async connect(neighbours: readonly NamespaceHost[]): Promise<void> {
    const others = neighbours.filter((host) => host !== this);
    const lines = [
      'link set lo up',
      ...this.addresses().map((address) => `addr add ${address}/${NETWORK_PREFIX_BITS} dev eth0`),
      'link set eth0 up',
      ...others.flatMap((host) =>
        host.addresses().map((address) => `neigh add ${address} lladdr ${host.#mac} dev eth0 nud permanent`),
      ),
    ];
    await this.run('sh', ['-c', `${STEADY_SYNS}; exec "$0" -batch -`, this.#options.ip], lines.join('\n'));
  }

  async start(spec: ProcessSpec): Promise<RunningProcess> {
    mustBeThere(spec);
    const log = path.join(this.#options.logs, `${spec.name}.log`);
    const fd = openSync(log, 'a');
    try {
      const pipe = spec.stdio === 'pipe';
      const child = spawn('nsenter', [`--net=${this.#file}`, spec.command, ...spec.args], {
        cwd: spec.cwd ?? this.dir,
        // Redis writes local time into its logs; in UTC their times can be joined with ours.
        env: { ...process.env, TZ: 'UTC', ...this.#clockEnvironment(), ...spec.env },
        stdio: [pipe ? 'pipe' : 'ignore', pipe ? 'pipe' : fd, fd],
      });
      const running = runningProcess(spec.name, child, log);
      this.#running.add(running);
      void running.exited.then(() => this.#running.delete(running));
      return running;
    } finally {
      closeSync(fd);
    }
  }

  get #clockFile(): string {
    return path.join(this.dir, 'clock');
  }

  #clockEnvironment(): Record<string, string> {
    return this.#options.clock === undefined ? {} : { LAB_CLOCK: this.#clockFile };
  }

  run(program: string, args: readonly string[], input?: string): Promise<string> {
    return command('nsenter', [`--net=${this.#file}`, program, ...args], input, this.#clockEnvironment());
  }

  /**
   * A run's processes have user id 0 in their sandbox, so the program gets a user namespace in which the same user is
   * called 1000. `exec`s all the way, so that the process is the program itself. The namespace for System V memory
   * goes with the last process, so that a killed run leaves no segment on the machine.
   */
  asOrdinaryUser(command: string, args: readonly string[]): [string, string[]] {
    if (process.geteuid?.() !== 0) return [command, [...args]];
    return ['unshare', ['--user', '--map-user=1000', '--map-group=1000', '--ipc', '--', command, ...args]];
  }

  async cable(state: 'in' | 'out'): Promise<void> {
    await batch(this.#options.ip, [`link set ${this.#port} ${state === 'in' ? 'up' : 'down'}`]);
  }

  processes(): readonly RunningProcess[] {
    return [...this.#running];
  }
}

/** nsenter always starts; that there is no such program would come out only by its exit. */
function mustBeThere({ name, command }: ProcessSpec): void {
  try {
    if (path.isAbsolute(command)) accessSync(command, constants.X_OK);
  } catch (cause) {
    throw new LabError(`cannot start ${name}: there is no program ${command} that may be run`, { cause });
  }
}

function runningProcess(name: string, child: ChildProcess, log: string): RunningProcess {
  if (child.pid === undefined) {
    child.on('error', () => {});
    throw new LabError(`cannot start ${name}: nsenter was not found`, { details: ['install util-linux'] });
  }
  let exit: ProcessExit | null = null;
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
  });
  // A process that has gone cannot be written to; its exit is what tells.
  child.stdin?.on('error', () => {});
  return {
    name,
    pid: child.pid,
    log,
    exited,
    stdin: child.stdin,
    stdout: child.stdout,
    get exit() {
      return exit;
    },
    signal: (signal) => void (exit === null && child.kill(signal)),
  };
}

async function batch(ip: string, lines: readonly string[]): Promise<void> {
  await command(ip, ['-batch', '-'], lines.join('\n'));
}

/** Runs a short command to its end. */
function command(
  program: string,
  args: readonly string[],
  input?: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { env: { ...process.env, ...environment } },
      (error, stdout, stderr) => {
        if (error === null) return resolve(stdout);
        const said = stderr.trim() || error.message;
        reject(new LabError(`${[program, ...args].join(' ')} failed: ${said}`, { cause: error }));
      },
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(input === undefined ? '' : `${input}\n`);
  });
}
