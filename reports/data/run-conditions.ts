import { serverAmong, serverText } from '../../lab/common/server.ts';
import type { RunDocument } from './run-document.ts';

/** The server that a run was made with, and where: `Valkey 8.1.1`, `Redis 7.0.15 in containers`; null in a run that did not get to ask. */
export function runServer({ versions, backend }: Pick<RunDocument, 'versions' | 'backend'>): string | null {
  const server = serverAmong(versions);
  return server === null ? null : `${serverText(server)}${whereText(backend)}`;
}

/** What stands behind a server where its hosts were not namespaces, as is usual. */
export function whereText(backend: RunDocument['backend']): string {
  return backend.startsWith('containers') ? ' in containers' : '';
}

/** What its timeouts were, and how fast its clock went where it was not the usual one: `fast`, `production at speed 10`. */
export function runTiming({ timing, speed = 1 }: Pick<RunDocument, 'timing' | 'speed'>): string {
  return speed === 1 ? timing : `${timing} at speed ${speed}`;
}
