import path from 'node:path';
import { PassThrough } from 'node:stream';
import type { LabContainer } from '../docker/lab-container.ts';
import { SCRATCH_INSIDE } from '../docker/lab-job.ts';
import { containerExit } from '../hosts/container-exit.ts';
import type { ProcessExit } from '../hosts/host.ts';
import { compileCache } from './compile-cache.ts';
import type { RunJob } from './job.ts';
import type { LabChild } from './lab-child.ts';
import { LAB_PROCESS, NODE_OPTIONS } from './lab-script.ts';
import type { Place } from './place.ts';
import { sharedFolders } from './shared-folders.ts';

const ON_ITS_CLOCK = path.join(import.meta.dirname, `on-its-own-clock${path.extname(import.meta.filename)}`);

/** Starts the lab's process as the first of a container. It is told its job, and whatever else is told it meanwhile, once it runs. */
export function containedLab(job: RunJob, place: Extract<Place, { backend: 'containers' }>): LabChild {
  const [stdin, events, output] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let container: LabContainer | null = null;
  let isKilled = false;
  const { clockLibrary, dir, speed } = job;
  const scripts = clockLibrary === null ? [LAB_PROCESS] : [ON_ITS_CLOCK, LAB_PROCESS];
  const start = async (): Promise<ProcessExit> => {
    // Loaded only here: runs in namespaces need nothing of it.
    const { startLabContainer } = await import('../docker/lab-container.ts');
    const compiled = compileCache(job.cache);
    container = await startLabContainer(place, {
      args: () => [...NODE_OPTIONS, ...scripts],
      environment: {
        FAILOVER_LAB_RUN: dir,
        LAB_EVENTS: 'stdout',
        ...compiled.environment,
        ...(clockLibrary === null ? {} : { LAB_CLOCK_LIBRARY: clockLibrary, LAB_SPEED: String(speed) }),
      },
      folders: [...sharedFolders(job), compiled.folder],
    });
    if (isKilled) container.kill();
    container.stdout.pipe(events);
    container.stderr.pipe(output);
    const told: RunJob = { ...job, scratch: SCRATCH_INSIDE, containers: container.inside };
    container.stdin.on('error', () => {});
    container.stdin.write(`${JSON.stringify(told)}\n`);
    stdin.pipe(container.stdin);
    return containerExit(await container.ended);
  };
  const ended = start();
  ended.catch(() => {
    events.end();
    output.end();
  });
  return {
    stdin,
    events,
    output: [output],
    ended,
    pid: undefined,
    get container() {
      return container?.name;
    },
    kill() {
      isKilled = true;
      container?.kill();
    },
  };
}
