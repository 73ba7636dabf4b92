import { readdirSync, readlinkSync } from 'node:fs';
import type { RunningProcess } from '../hosts/host.ts';

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
