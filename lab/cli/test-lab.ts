/** The command line as a process of its own, for tests, and a look through /proc for what is left of it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '../common/until.ts';

const BIN = path.join(import.meta.dirname, 'bin.mjs');

/** A started `lab …`. */
export interface TestLab {
  process: ChildProcess;
  /** Everything that it has printed. */
  stdout(): string;
  stderr(): string;
  /** Resolves when it printed this. */
  printed(text: string, withinMs?: number): Promise<void>;
  /** Its exit code, or the signal that ended it. */
  ended(): Promise<number | NodeJS.Signals | null>;
}

/** A working directory for tests; its folders are named in the environment of everything a run starts. */
export class TestDirectory {
  readonly path = mkdtempSync(path.join(tmpdir(), 'lab-cli-'));
  readonly #started: ChildProcess[] = [];
  /** PID namespaces in which anything of this directory was ever seen. */
  readonly #namespaces = new Set<string>();

  lab(...args: string[]): TestLab {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: this.path,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CI: 'true' },
    });
    this.#started.push(child);
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      said.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      said.stderr += chunk;
    });
    const closed = once(child, 'close');
    const what = `lab ${args.join(' ')} to print`;
    return {
      process: child,
      stdout: () => said.stdout,
      stderr: () => said.stderr,
      printed: async (text, withinMs = 30_000) => {
        await until(() => said.stdout.includes(text), { what: `${what} ${text}`, withinMs });
      },
      ended: async () => {
        await closed;
        return child.exitCode ?? child.signalCode;
      },
    };
  }

  /**
   * Processes of this directory's runs: with it in their command line or their environment, or in a PID namespace
   * where such a one has been seen by any call (k6 gets an environment of its own).
   */
  leftovers(): string[] {
    const found = readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
      .map((pid) => {
        const [environment, command] = [read(`/proc/${pid}/environ`), read(`/proc/${pid}/cmdline`)];
        const isNamed = environment.includes(this.path) || command.includes(this.path);
        const namespace = pidNamespace(pid);
        if (isNamed && namespace !== '' && namespace !== pidNamespace('self'))
          this.#namespaces.add(namespace);
        return { isNamed, namespace, text: `${pid}: ${command.replaceAll('\0', ' ')}` };
      });
    return found
      .filter(({ isNamed, namespace }) => isNamed || this.#namespaces.has(namespace))
      .map(({ text }) => text);
  }

  /** Run folders in `failover-lab-runs`, and the index folders, by name. */
  folders(): string[] {
    return readdirSync(path.join(this.path, 'failover-lab-runs')).sort();
  }

  remove(): void {
    for (const child of this.#started) child.kill('SIGKILL');
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Empty for one that has ended in the meantime. */
function pidNamespace(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return '';
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It has ended in the meantime.
    return '';
  }
}
