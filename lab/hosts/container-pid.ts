import { readdirSync, readFileSync } from 'node:fs';

/**
 * The process number, as this process sees it, of a container's first process: all containers of a lab share the
 * process namespace of the lab's own, and the kernel tells in whose control group a process is, which is named after
 * its container. Null where it has ended already, or where the daemon gives its containers no groups.
 */
export function pidOfContainer(id: string): number | null {
  // From the newest on: it has just been started. Its children, if it has any by now, have higher numbers.
  const pids = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
  let found: number | null = null;
  for (const pid of pids) {
    if (pid === process.pid || !read(`/proc/${pid}/cgroup`).includes(id)) continue;
    if (isFirst(pid)) found = pid;
  }
  return found;
}

/** Its parent is outside of our namespace. */
function isFirst(pid: number): boolean {
  return /^PPid:\t0$/m.test(read(`/proc/${pid}/status`));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
