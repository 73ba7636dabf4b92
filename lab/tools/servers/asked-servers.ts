import { join } from 'node:path';
import type { Asked } from './features.ts';

/** A server that is asked what it offers: how it is configured, and started. */
export interface AskedServer {
  port: number;
  /** Its configuration, and where that has to lie; a Sentinel's has to be writable. */
  file: string;
  text: string;
  /** Behind redis-server. */
  args: readonly string[];
}

export type AskedPorts = Readonly<Record<Asked, number>>;

export const ASKED_HOST = '127.0.0.1';

/** The three servers that are asked, on these ports of the loopback; `bus` is that of the cluster's node. All they write goes to `dir`. */
export function askedServers(
  ports: AskedPorts,
  bus: number,
  dir: string,
): Readonly<Record<Asked, AskedServer>> {
  const asked = (port: number, lines: readonly string[], args: readonly string[] = []): AskedServer => {
    const file = join(dir, `${port}.conf`);
    const text = [`port ${port}`, `bind ${ASKED_HOST}`, `dir ${dir}`, ...lines, ''].join('\n');
    return { port, file, text, args: [file, ...args] };
  };
  return {
    server: asked(ports.server, ['save ""']),
    'cluster node': asked(ports['cluster node'], [
      'save ""',
      'cluster-enabled yes',
      `cluster-config-file ${ports['cluster node']}.nodes`,
      `cluster-port ${bus}`,
    ]),
    sentinel: asked(ports.sentinel, [`sentinel monitor lab ${ASKED_HOST} ${ports.server} 1`], ['--sentinel']),
  };
}
