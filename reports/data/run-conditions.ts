import { serverAmong, serverText } from '../../lab/common/server.ts';
import type { RunDocument } from './run-document.ts';

/** The server that a run was made with, and where: `Valkey 8.1.1`, `Redis 7.0.15 in containers`; null in a run that did not get to ask. */
export function runServer(run: Pick<RunDocument, 'versions' | 'backend'>): string | null {
  const server = serverAmong(run.versions);
  return server === null ? null : `${serverText(server)}${whereText(run)}`;
}

/** What stands behind a server where its hosts were not namespaces, as is usual. */
export function whereText(run: Pick<RunDocument, 'backend'>): string {
  return isInContainers(run) ? ' in containers' : '';
}

/** Whether hosts were containers instead of namespaces. */
export function isInContainers({ backend }: Pick<RunDocument, 'backend'>): boolean {
  return backend.startsWith('containers');
}

/** What its timeouts were, and how fast its clock went where it was not the usual one: `fast`, `production at speed 10`. */
export function runTiming({ timing, speed = 1 }: Pick<RunDocument, 'timing' | 'speed'>): string {
  return `${timing}${speedText(speed)}`;
}

/** ` at speed 10`; nothing for the speed of real time. */
export function speedText(speed: number): string {
  return speed === 1 ? '' : ` at speed ${speed}`;
}
