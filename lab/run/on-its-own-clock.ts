/**
 * The first program of a container whose lab has a clock of its own: makes the clock, which has to follow from the
 * clocks of the machine that the container is on, and becomes the program of its first argument, which is on it.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { SCRATCH_INSIDE } from '../docker/lab-job.ts';
import { clockBytes, clockFromNow } from '../time/clock-file.ts';

const { LAB_CLOCK_LIBRARY = '', LAB_SPEED } = process.env;
const file = path.join(SCRATCH_INSIDE, 'lab-clock');
writeFileSync(file, clockBytes(clockFromNow(Number(LAB_SPEED))));
process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(2)], {
  ...process.env,
  LD_PRELOAD: LAB_CLOCK_LIBRARY,
  LAB_CLOCK: file,
});
