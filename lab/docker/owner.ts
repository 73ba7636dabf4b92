import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * A process as a label names it: where it runs, and by which number and start, so that a number that was given again
 * is told from it: `machine/boot/pid namespace/pid/start`.
 */
export function ownerLabel(pid: number = process.pid): string {
  return [...place(), pid, startOf(pid) ?? 'unknown'].join('/');
}

/**
 * Whether a label's process is gone for certain: it ran on this machine before it was started again, or here, where no
 * process has its number and start. Of other machines, which may use the same daemon, and of other process namespaces
 * nobody here can tell.
 */
export function isGone(label: string): boolean {
  const [machine, boot, namespace, pid, start] = label.split('/');
  const here = place();
  if (machine !== here[0] || pid === undefined) return false;
  if (boot !== here[1]) return true;
  if (namespace !== here[2]) return false;
  return startOf(Number(pid)) !== start;
}

function place(): [machine: string, boot: string, namespace: string] {
  const machine = hostname().replaceAll('/', '-');
  if (process.platform !== 'linux') return [machine, '', ''];
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return [machine, boot, readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')];
}

/** When a process started, in whatever unit the system counts; undefined when there is none of this number. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
        .trim()
        .replaceAll(/[\s/]+/g, '-');
    // The name, in parentheses, may hold anything; the start is the 22nd field, the 20th behind it.
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
