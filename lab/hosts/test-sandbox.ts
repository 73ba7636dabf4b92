import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, it } from 'vitest';
import { namespacesSupport } from './namespaces-support.ts';
import { type SandboxTools, sandboxed } from './sandbox.ts';
import type { CaseJob } from './test-case.ts';
import {
  CASE_RUNNER,
  type CaseModule,
  type CaseTools,
  caseClock,
  caseCommand,
  caseTools,
  temporaryPlace,
} from './test-cases.ts';

/** Somebody who may do nothing: nobody's user and group id. */
export const NOBODY = 65_534;
const CASE_MS = 120_000;

/**
 * Registers one vitest test for each case of a module. The case runs in a process and a sandbox of its own and
 * fails with its error. With `asUser` the cases run once more as an ordinary user, where we are root; with `speed` they
 * run on a lab clock of their own.
 */
export async function casesInSandbox(
  module: URL,
  options: { asUser?: boolean; speed?: number } = {},
): Promise<void> {
  const { cases } = (await import(module.href)) as CaseModule;
  const { tools, sandbox } = await caseTools();
  const { mode, why } = await namespacesSupport({ unshare: sandbox.unshare });
  const register = (
    title: string,
    refusal: string,
    mode: 'root' | 'user',
    prefix: readonly string[],
    own: CaseTools = tools,
  ) =>
    describe(title, () => {
      for (const name of Object.keys(cases)) {
        it(name, { timeout: CASE_MS }, async (test) => {
          if (refusal !== '') return test.skip(refusal);
          using place = temporaryPlace(prefix.length > 0 ? NOBODY : null);
          const job = { module: module.href, name, scratch: place.scratch, logs: place.logs, tools: own };
          const { speed } = options;
          const clock = speed === undefined ? {} : await caseClock(speed, place.logs);
          await runCase(job, [...prefix, ...caseCommand(job, mode, sandbox)], clock);
          // What the case stored lay on its tmpfs, which is gone with it.
          const left = readdirSync(place.scratch);
          if (left.length > 0) throw new Error(`left in the scratch directory: ${left.join(', ')}`);
        });
      }
    });
  const mine = mode === 'none' ? why : '';
  register(mode === 'user' ? 'as a user' : 'as root', mine, mode === 'none' ? 'root' : mode, []);
  if (options.asUser !== true || process.geteuid?.() !== 0) return;
  const asNobody = ordinaryUser(sandbox);
  const copies = readableCopies(tools);
  afterAll(() => copies.remove());
  register(
    'as an ordinary user',
    await refusalOf(asNobody, sandbox, copies.tools),
    'user',
    asNobody,
    copies.tools,
  );
}

/** The servers as root found them may lie where nobody else may look. */
export function readableCopies(tools: CaseTools): { tools: CaseTools; remove: () => void } {
  const directory = mkdtempSync(path.join(tmpdir(), 'lab-servers-'));
  const copy = (file: string) => {
    const name = path.join(directory, path.basename(file));
    copyFileSync(file, name);
    chmodSync(name, 0o755);
    return name;
  };
  chmodSync(directory, 0o755);
  return {
    tools: { ...tools, redisServer: copy(tools.redisServer), toxiproxy: copy(tools.toxiproxy) },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function runCase(
  job: CaseJob,
  [program = '', ...args]: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  // Our end of stdin closes with us, and with it the case, should the parent-death signal not come.
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code === 0) return;
  const output = (await said).join('').trim();
  throw new Error(`${job.name}: ended with ${signal ?? `exit code ${code}`}\n${output}`);
}

/** What in front of a command makes root run it as nobody. */
export function ordinaryUser({ setpriv }: SandboxTools): string[] {
  return [setpriv, `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'];
}

/** Why an ordinary user cannot run cases on this machine; empty when it can. */
export async function refusalOf(
  asNobody: readonly string[],
  sandbox: SandboxTools,
  tools: CaseTools,
): Promise<string> {
  const [program = '', ...prefix] = asNobody;
  const files = [process.execPath, CASE_RUNNER, ...Object.values(tools)];
  const script = 'for file; do [ -r "$file" ] || { echo "$file"; exit 1; }; done';
  const attempt = async (args: readonly string[]) => {
    const child = spawn(program, [...prefix, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = await once(child, 'close');
    return code === 0 ? '' : (await said).join('').trim();
  };
  const unreadable = await attempt(['sh', '-c', script, 'sh', ...files]);
  if (unreadable !== '') return `uid ${NOBODY} cannot read ${unreadable}`;
  const refused = await attempt(sandboxed('user', sandbox, ['true']).flat());
  return refused === '' ? '' : `uid ${NOBODY} cannot make namespaces: ${refused}`;
}
