import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { findTools } from '../tools/find-tools.ts';
import type { HostBackend } from './host.ts';
import { namespacesSupport } from './namespaces-support.ts';
import { type SandboxTools, sandboxed } from './sandbox.ts';
import type { CaseJob } from './sandbox-case.ts';

/** Absolute paths of what cases start. */
export interface CaseTools {
  redisServer: string;
  toxiproxy: string;
  ip: string;
  iptables: string;
}

/** What a case is called with, inside its sandbox. */
export interface CaseContext {
  /** A directory on a tmpfs of its own. */
  scratch: string;
  /** Directory for logs, outside the sandbox; removed after the test. */
  logs: string;
  tools: CaseTools;
  /** A new namespaces backend; it has a sandbox to itself, so a case makes one. */
  backend(): HostBackend;
}

export type Case = (context: CaseContext) => Promise<void>;

/** A `*.cases.ts` module: its cases by their names, which complete a sentence with its subject. */
export interface CaseModule {
  cases: Readonly<Record<string, Case>>;
}

/** Somebody who may do nothing: nobody's user and group id. */
const NOBODY = 65_534;
const CASE_MS = 60_000;
const RUNNER = fileURLToPath(new URL('./sandbox-case.ts', import.meta.url));

/**
 * Registers one vitest test for each case of a module. The case runs in a process and a sandbox of its own and
 * fails with its error. With `asUser` the cases run once more as an ordinary user, where we are root.
 */
export async function casesInSandbox(module: URL, options: { asUser?: boolean } = {}): Promise<void> {
  const { cases } = (await import(module.href)) as CaseModule;
  const { tools, sandbox } = await caseTools();
  const { mode, why } = await namespacesSupport({ unshare: sandbox.unshare });
  const register = (title: string, refusal: string, mode: 'root' | 'user', prefix: readonly string[]) =>
    describe(title, () => {
      for (const name of Object.keys(cases)) {
        it(name, { timeout: CASE_MS }, async (test) => {
          if (refusal !== '') return test.skip(refusal);
          using place = temporaryPlace(prefix.length > 0 ? NOBODY : null);
          const job = { module: module.href, name, scratch: place.scratch, logs: place.logs, tools };
          await runCase(job, [...prefix, ...caseCommand(job, mode, sandbox)]);
          // What the case stored lay on its tmpfs, which is gone with it.
          const left = readdirSync(place.scratch);
          if (left.length > 0) throw new Error(`left in the scratch directory: ${left.join(', ')}`);
        });
      }
    });
  const mine = mode === 'none' ? why : '';
  register(mode === 'user' ? 'as a user' : 'as root', mine, mode === 'none' ? 'root' : mode, []);
  if (options.asUser !== true || process.geteuid?.() !== 0) return;
  const asNobody = [sandbox.setpriv, `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'];
  register('as an ordinary user', await refusalOf(asNobody, sandbox, tools), 'user', asNobody);
}

/** The tools that cases are given, and those that make their sandbox. LabError when one is missing. */
export async function caseTools(): Promise<{ tools: CaseTools; sandbox: SandboxTools }> {
  const servers = ['redis-server', 'toxiproxy-server'] as const;
  const found = await findTools([...servers, 'ip', 'iptables', 'unshare', 'setpriv', 'nsenter']);
  return {
    tools: {
      redisServer: found['redis-server'].path,
      toxiproxy: found['toxiproxy-server'].path,
      ip: found.ip.path,
      iptables: found.iptables.path,
    },
    sandbox: { unshare: found.unshare.path, setpriv: found.setpriv.path },
  };
}

/** The command that runs one case in a sandbox. */
export function caseCommand(job: CaseJob, mode: 'root' | 'user', sandbox: SandboxTools): string[] {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', RUNNER, JSON.stringify(job)];
  return flat(sandboxed(mode, sandbox, node));
}

function flat([program, args]: [string, string[]]): string[] {
  return [program, ...args];
}

/** A scratch directory and one for logs, writable by `user` too. */
export function temporaryPlace(user: number | null) {
  const root = mkdtempSync(path.join(tmpdir(), 'lab-case-'));
  const [scratch, logs] = [path.join(root, 'scratch'), path.join(root, 'logs')];
  for (const directory of [scratch, logs]) mkdirSync(directory);
  if (user !== null) for (const directory of [root, scratch, logs]) chmodSync(directory, 0o777);
  return { scratch, logs, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

async function runCase(job: CaseJob, [program = '', ...args]: readonly string[]): Promise<void> {
  // Our end of stdin closes with us, and with it the case, should the parent-death signal not come.
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code === 0) return;
  const output = (await said).join('').trim();
  throw new Error(`${job.name}: ended with ${signal ?? `exit code ${code}`}\n${output}`);
}

/** Why an ordinary user cannot run cases on this machine; empty when it can. */
async function refusalOf(
  asNobody: readonly string[],
  sandbox: SandboxTools,
  tools: CaseTools,
): Promise<string> {
  const [program = '', ...prefix] = asNobody;
  const files = [process.execPath, RUNNER, ...Object.values(tools)];
  const script = 'for file; do [ -r "$file" ] || { echo "$file"; exit 1; }; done';
  const attempt = async (args: readonly string[]) => {
    const child = spawn(program, [...prefix, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = await once(child, 'close');
    return code === 0 ? '' : (await said).join('').trim();
  };
  const unreadable = await attempt(['sh', '-c', script, 'sh', ...files]);
  if (unreadable !== '') return `uid ${NOBODY} cannot read ${unreadable}`;
  const refused = await attempt(flat(sandboxed('user', sandbox, ['true'])));
  return refused === '' ? '' : `uid ${NOBODY} cannot make namespaces: ${refused}`;
}
