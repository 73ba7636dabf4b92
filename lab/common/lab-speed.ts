/**
 * Lab time per real time: by how much faster than the machine's the clock goes that this process is on (lab/time).
 * The environment variable LAB_SPEED says so, beside the one that names the clock. 1 on the machine's own clock.
 */
export const labSpeed = Number(process.env.LAB_SPEED ?? 1);

/**
 * How much of the lab's time goes by in some ms of real time. For how long to wait at most for what takes the machine
 * as long as it takes, whatever the lab's clock shows: programs that start, packets on their way, answers of a proxy.
 */
export function real(ms: number): number {
  return ms * labSpeed;
}
