import { readdirSync, readlinkSync } from 'node:fs';
import type { RunningProcess } from '../hosts/host.ts';

/**
 * A command as one that PostgreSQL's programs agree to be started by: they refuse user id 0, which a run's
 * processes have in their sandbox, so they get a user namespace in which the same user is called 1000. `exec`s
 * all the way, so that the process is PostgreSQL itself. The namespace for System V memory goes with the last
 * process, so that a killed run leaves no segment on the machine.
 */
export function asOrdinaryUser(command: string, args: readonly string[]): [string, string[]] {
  if (process.geteuid?.() !== 0) return [command, [...args]];
  return ['unshare', ['--user', '--map-user=1000', '--map-group=1000', '--ipc', '--', command, ...args]];
}

/**
 * The server's process, whose SIGTERM asks for what init systems ask for: the fast shutdown that ends sessions
 * (SIGINT). By itself PostgreSQL would wait for its clients to go.
 */
export function endingFast(first: RunningProcess): RunningProcess {
  return {
    ...first,
    get exit() {
      return first.exit;
    },
    signal: (signal) => first.signal(signal === 'SIGTERM' ? 'SIGINT' : signal),
  };
}

/** Processes that work in a directory, as every process of a cluster does in the cluster's. */
export function processesIn(directory: string): number[] {
  const numbers = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  return numbers.map(Number).filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === directory;
    } catch {
      return false;
    }
  });
}
