import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { clockBytes, clockFromNow } from '../time/clock-file.ts';
import { clockLibrary } from '../time/clock-library.ts';
import { cacheDirectory } from '../tools/cache-directory.ts';
import { findTools } from '../tools/find-tools.ts';
import type { HostBackend } from './host.ts';
import { type SandboxTools, sandboxed } from './sandbox.ts';
import type { CaseJob } from './test-case.ts';

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

/** What runs one case as the first process of a sandbox. */
export const CASE_RUNNER = fileURLToPath(new URL('./test-case.ts', import.meta.url));

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
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', CASE_RUNNER, JSON.stringify(job)];
  return sandboxed(mode, sandbox, node).flat();
}

/** What puts a case's process on a lab clock of its own, which begins now; its file lies in `directory`. */
export async function caseClock(speed: number, directory: string): Promise<NodeJS.ProcessEnv> {
  const file = path.join(directory, 'clock');
  writeFileSync(file, clockBytes(clockFromNow(speed)), { mode: 0o644 });
  const library = await clockLibrary({ cache: cacheDirectory(process.env) });
  return { LD_PRELOAD: library, LAB_CLOCK: file, LAB_SPEED: String(speed) };
}

/** A scratch directory and one for logs, writable by `user` too. */
export function temporaryPlace(user: number | null) {
  const root = mkdtempSync(path.join(tmpdir(), 'lab-case-'));
  const [scratch, logs] = [path.join(root, 'scratch'), path.join(root, 'logs')];
  for (const directory of [scratch, logs]) mkdirSync(directory);
  if (user !== null) for (const directory of [root, scratch, logs]) chmodSync(directory, 0o777);
  return { scratch, logs, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}
