import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { until } from '../common/until.ts';
import { namespacesSupport } from './namespaces-support.ts';
import { caseCommand, caseTools, temporaryPlace } from './test-cases.ts';
import { NOBODY, ordinaryUser, readableCopies, refusalOf } from './test-sandbox.ts';

const MARK = 'LAB_TEST_MARK';
/** Starts the command it is given, as the lab's own process does. */
const PARENT = `const [program, ...args] = process.argv.slice(1);
require('node:child_process').spawn(program, args, { stdio: 'inherit' });`;

const { tools: found, sandbox } = await caseTools();
const { tools, remove } = readableCopies(found);
afterAll(() => remove());
const { mode } = await namespacesSupport({ unshare: sandbox.unshare });
const asNobody = ordinaryUser(sandbox);
const refusal = mode === 'root' ? await refusalOf(asNobody, sandbox, tools) : 'only root can become another';

/** Who starts a sandbox: us, or root as an ordinary user. */
type Starter = { mode: 'root' | 'user'; prefix: readonly string[]; user: number | null };
const us: Starter = { mode: mode === 'user' ? 'user' : 'root', prefix: [], user: null };
const nobody: Starter = { mode: 'user', prefix: asNobody, user: NOBODY };

interface Lab {
  /** The process that started the sandbox. */
  parent: ChildProcess;
  place: ReturnType<typeof temporaryPlace>;
  /** Everything that was started for it, by what it inherited. */
  processes(): number[];
  /** What the lab's second host has heard from its first. */
  heard(): string[];
}

const labs: Lab[] = [];
afterEach(() => {
  for (const lab of labs.splice(0)) {
    for (const pid of lab.processes()) killed(pid);
    lab.place[Symbol.dispose]();
  }
});

/** The first of a sandbox takes the others with it, before we come to them. */
function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A lab that stands: three hosts' worth of processes that would run for ever. */
async function standing(starter: Starter = us): Promise<Lab> {
  const place = temporaryPlace(starter.user);
  const module = new URL('./sandbox.cases.ts', import.meta.url).href;
  const job = { module, name: 'stands', scratch: place.scratch, logs: place.logs, tools };
  const mark = randomUUID();
  const command = caseCommand(job, starter.mode, sandbox);
  // Its stdin stays open in our hands: nothing but the kernel may tell the sandbox that its parent is gone.
  const [program = '', ...args] = [...starter.prefix, process.execPath, '-e', PARENT, ...command];
  const parent = spawn(program, args, {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, [MARK]: mark },
  });
  const file = path.join(place.logs, 'heard');
  const lab: Lab = {
    parent,
    place,
    processes: () => marked(mark),
    heard: () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []),
  };
  labs.push(lab);
  await until(() => lab.heard().length > 0, { what: 'the lab to stand', withinMs: 30_000, everyMs: 20 });
  return lab;
}

function marked(mark: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => readProc(pid, 'environ').includes(`${MARK}=${mark}`));
}

/** Empty for a process that has gone, or that is only waited for. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** The sandbox's first process, by its number within. */
const firstOf = (lab: Lab) => lab.processes().find((pid) => /^NSpid:.*\t1$/m.test(readProc(pid, 'status')));

const gone = (lab: Lab) =>
  until(() => lab.processes().length === 0, {
    what: `${lab.processes().length} processes to be gone`,
    withinMs: 15_000,
  });

describe.each([
  { whose: 'a sandbox', starter: us, refused: mode === 'none' ? 'no namespaces here' : '' },
  { whose: "an ordinary user's sandbox", starter: nobody, refused: refusal },
])('$whose', ({ starter, refused }) => {
  const nothingLeft = async (lab: Lab) => {
    await gone(lab);
    expect(readdirSync(lab.place.scratch)).toEqual([]);
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(lab.place.scratch);
  };

  it('ends with all that is in it when its parent is killed', async (test) => {
    if (refused !== '') return test.skip(refused);
    const lab = await standing(starter);
    // The parent, unshare, the first process, the server, a shell and its sleeper at least.
    expect(lab.processes().length).toBeGreaterThanOrEqual(6);
    lab.parent.kill('SIGKILL');
    await nothingLeft(lab);
  }, 60_000);

  it('ends with all that is in it when its first process is killed', async (test) => {
    if (refused !== '') return test.skip(refused);
    const lab = await standing(starter);
    const first = firstOf(lab);
    if (first === undefined) throw new Error('the sandbox has no first process');
    process.kill(first, 'SIGKILL');
    await nothingLeft(lab);
  }, 60_000);
});

it.skipIf(mode === 'none')(
  'hides labs with the same addresses from each other',
  async () => {
    const [one, two] = await Promise.all([standing(), standing()]);
    const before = [one.heard().length, two.heard().length];
    await until(
      () => one.heard().length > (before[0] ?? 0) + 3 && two.heard().length > (before[1] ?? 0) + 3,
      {
        what: 'both labs to hear their servers side by side',
        withinMs: 30_000,
      },
    );
    expect(new Set(one.heard())).toEqual(new Set([one.place.logs]));
    expect(new Set(two.heard())).toEqual(new Set([two.place.logs]));
  },
  30_000,
);
