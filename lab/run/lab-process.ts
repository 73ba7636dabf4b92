/**
 * The process that runs one variant of one scenario, inside a sandbox or a container of its own. It reads a RunJob
 * from stdin, tells what happens on file descriptor 3, or where there is none on stdout, one RunEvent a line, and ends
 * when stdin ends: then nobody is left to tell.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { beforeExit } from '../common/before-exit.ts';
import { LabError } from '../common/errors.ts';
import { prng } from '../common/prng.ts';
import type { HostBackend } from '../hosts/host.ts';
import { namespaces } from '../hosts/namespaces.ts';
import { scheduleText } from '../nemesis/schedule-text.ts';
import { eventLog } from '../probes/event-log.ts';
import { runClock } from '../probes/run-clock.ts';
import { forServer } from '../scenario/for-server.ts';
import { loadScenario } from '../scenario/load-scenario.ts';
import { standingScenario } from '../scenario/standing.ts';
import { variantContext } from '../scenario/variants.ts';
import { type ClockSettings, clockBytes, readClock } from '../time/clock-file.ts';
import { TIMINGS } from '../topology/timing.ts';
import type { RunContext } from './context.ts';
import type { RunEvent } from './events.ts';
import type { RunJob, ToRun } from './job.ts';
import { orderDesk } from './order-desk.ts';
import { nothingYet } from './progressed.ts';
import { PHASES, run } from './run.ts';
import { snapshotOf } from './snapshot.ts';
import { tellOnFaults } from './tell-on-faults.ts';

/** A container has no third output: what a scenario prints goes to stderr there. */
const isOnStdout = process.env.LAB_EVENTS === 'stdout';
if (isOnStdout) Object.defineProperty(process, 'stdout', { get: () => process.stderr });
const events = new Socket({ fd: isOnStdout ? 1 : 3, readable: false, writable: true });
// Nobody listens any more: the end of stdin says so too, and ends us.
events.on('error', () => {});

const input = createInterface({ input: process.stdin });
const lines = input[Symbol.asyncIterator]();
const abort = new AbortController();
let release = () => {};
const released = new Promise<void>((resolve) => {
  release = resolve;
});

const first = await lines.next();
if (first.done) process.exit(3);
const job = JSON.parse(first.value) as RunJob;
const orders = orderDesk();
const state = nothingYet();
const begun = contextOf(job);
void listen();
const context = await begun;
const quiet = tellOnFaults(context.events, () =>
  emit({ type: 'snapshot', record: snapshotOf(context, state) }),
);
const record = await run(context, state, async () => {
  if (!job.keep) return;
  emit({ type: 'kept', pid: process.pid });
  await Promise.race([released, new Promise((resolve) => abort.signal.addEventListener('abort', resolve))]);
});
quiet();
emit({ type: 'run-ended', dir: job.dir, record });
await new Promise<void>((resolve) => events.end(resolve));
await beforeExit();
process.exit(0);

async function listen(): Promise<void> {
  for await (const text of lines) {
    const message = JSON.parse(text) as ToRun;
    switch (message.type) {
      case 'stop':
        abort.abort(new LabError(message.reason));
        break;
      case 'release':
        release();
        break;
      case 'look':
        void begun.then((context) => emit({ type: 'snapshot', record: snapshotOf(context, state) }));
        break;
      case 'order':
        void orders.take(message.order).then((answer) => emit({ type: 'answer', id: message.id, answer }));
        break;
    }
  }
  await begun.then(({ backend }) => backend.abandon?.()).catch(() => {});
  process.exit(3);
}

async function contextOf(job: RunJob): Promise<RunContext> {
  const scenario =
    job.standing === undefined
      ? (await loadScenario(job.file)).scenario
      : await standingScenario(job.standing, job.file);
  const timing = TIMINGS[job.timing];
  const random = prng(job.seed);
  const { variant } = job;
  const { experiment, knownDifference } = forServer(
    scenario.experiment({ ...variantContext(variant), timing, random: random.fork('experiment') }),
    job.server,
  );
  const logs = path.join(job.dir, 'logs');
  mkdirSync(logs, { recursive: true });
  if (job.containers === undefined) execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', job.scratch]);
  const clocks = job.clockLibrary === null ? undefined : ownClock(job.scratch);
  const clock = runClock();
  const seen = eventLog();
  seen.subscribe((event) => emit({ type: 'event', event }));
  emit({
    type: 'run-started',
    scenario: scenario.name,
    title: scenario.title,
    claim: scenario.claim,
    variant,
    timing: job.timing,
    speed: job.speed,
    seed: job.seed,
    dir: job.dir,
    phases: PHASES,
  });
  return {
    job,
    scenario,
    experiment,
    knownDifference,
    timing,
    clock,
    labTime:
      clocks === undefined
        ? undefined
        : { speed: job.speed, sameUnixMs: Number(clocks.wallNs / 1000n) / 1000 },
    events: seen,
    random,
    backend: await backendOf(job, logs, clocks),
    logs,
    historyFile: path.join(job.dir, 'history.jsonl'),
    scheduleText: scheduleText(experiment.nemesis),
    signal: abort.signal,
    abort: (error) => abort.abort(error),
    undo: new AsyncDisposableStack(),
    orders,
    released,
    note: (text) => {
      if (seen.all.some((event) => event.kind === 'fallback' && event.text === text)) return;
      seen.record({ at: clock.now(), source: 'lab', kind: 'fallback', text });
    },
    emit,
  };
}

async function backendOf(job: RunJob, logs: string, clock: ClockSettings | undefined): Promise<HostBackend> {
  const { scratch, tools, containers: inside } = job;
  const common = { scratch, logs, ...(clock === undefined ? {} : { clock }) };
  if (inside === undefined) return namespaces({ ...common, ip: tools.ip });
  const { containers } = await import('../hosts/containers.ts');
  const { LD_PRELOAD, LAB_SPEED, NODE_COMPILE_CACHE } = process.env;
  return containers({
    ...common,
    job: inside,
    withK6: tools.application !== null,
    environment: {
      ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }),
      ...(LD_PRELOAD === undefined ? {} : { LD_PRELOAD, LAB_SPEED: LAB_SPEED ?? '1' }),
    },
    onLost: (error) => abort.abort(error),
  });
}

/** The clock that this process is on; what it starts outside of hosts finds it on the sandbox's own file system. */
function ownClock(scratch: string): ClockSettings {
  const settings = readClock(process.env.LAB_CLOCK ?? '');
  const file = path.join(scratch, 'clock');
  writeFileSync(file, clockBytes(settings));
  process.env.LAB_CLOCK = file;
  return settings;
}

/** In order; what the reader is too slow for waits here, so that nothing else does. */
function emit(event: RunEvent): void {
  events.write(`${JSON.stringify(event)}\n`);
}
