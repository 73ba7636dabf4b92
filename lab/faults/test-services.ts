import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { until } from '../common/until.ts';
import type { Host, RunningProcess } from '../hosts/host.ts';
import type { CaseContext } from '../hosts/test-cases.ts';
import { pingOnce } from '../mesh/link-probe.ts';
import { PostgresNode } from '../services/postgres.ts';
import { postgresPath } from '../tools/kits/postgres.ts';
import type { TestService } from '../topology/test-group.ts';
import type { LabNode, NodeChange } from '../topology/topology.ts';

const SERVER = `
const [host, port] = process.argv.slice(1);
require('node:http').createServer((request, response) => {
  request.resume();
  response.writeHead(request.url === '/health' ? 200 : 404).end('{}');
}).listen(Number(port), host);`;

/** An HTTP server in place of an instance of the application, `app-1` on the host `app-1`. */
export function tinyApp(name = 'app-1'): TestService {
  const planned = { name, kind: 'app', host: name, ports: { client: 8080 } } as const;
  return {
    planned,
    node(book, hosts): LabNode {
      const host = hosts.get(name) as Host;
      const { direct, announced } = book.node(name);
      let process_: RunningProcess | null = null;
      const listeners: ((change: NodeChange) => void)[] = [];
      return {
        name,
        kind: 'app',
        host,
        configuration: '',
        announced: `${announced}:8080`,
        get process() {
          return process_;
        },
        onChange: (listener) => void listeners.push(listener),
        async start() {
          const args = ['-e', SERVER, direct, '8080'];
          process_ = await host.start({ name, command: process.execPath, args });
        },
        async accepting(withinMs) {
          const answers = () => pingOnce({ host: direct, port: 8080, kind: 'app' }, 500);
          await until(async () => (await answers()) !== null, { what: name, withinMs });
        },
      };
    },
  };
}

/** A real PostgreSQL, `db-1` on the host `db-1`. */
export function tinyDatabase(context: CaseContext): TestService {
  const planned = { name: 'db-1', kind: 'postgres', host: 'db-1', ports: { client: 5432 } } as const;
  return {
    planned,
    node(book, hosts) {
      const postgres = postgresPath(process.platform, process.arch);
      const host = hosts.get('db-1');
      if (host === undefined || postgres === undefined) throw new Error('no host or no PostgreSQL');
      const cache = path.join(context.scratch, 'cache');
      mkdirSync(cache, { recursive: true });
      const prepare = { key: 'nothing', sql: 'SELECT 1' };
      return new PostgresNode({ address: book.node('db-1'), host, postgres, cache, prepare });
    },
  };
}
