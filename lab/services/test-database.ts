import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { monotonicMs } from '../common/clock.ts';
import type { CaseContext } from '../hosts/test-cases.ts';
import { addressBook } from '../mesh/address-book.ts';
import { postgresPath } from '../tools/kits/postgres.ts';
import { PostgresNode } from './postgres.ts';

const PREPARE = {
  key: 'two rows',
  sql: 'CREATE TABLE product (id int PRIMARY KEY, price int); INSERT INTO product VALUES (1, 100), (2, 200);',
};

/** A database on a host of its own, for a case; `start` resolves with how many ms it took to accept queries. */
export async function database(context: CaseContext, prepare = PREPARE) {
  const book = addressBook([{ name: 'db-1', kind: 'postgres', host: 'db-1', ports: { client: 5432 } }]);
  const address = book.node('db-1');
  const hosts = await context.backend().create([{ name: 'db-1', nodeAddresses: [address.direct] }]);
  const host = hosts.get('db-1');
  const postgres = postgresPath(process.platform, process.arch);
  if (host === undefined || postgres === undefined) throw new Error('no host or no PostgreSQL');
  const cache = path.join(context.scratch, 'cache');
  mkdirSync(cache, { recursive: true });
  const node = new PostgresNode({ address, host, postgres, cache, prepare });
  const start = async (data: 'kept' | 'lost') => {
    const from = monotonicMs();
    await node.start(data);
    await node.accepting(30_000);
    return monotonicMs() - from;
  };
  return { node, start, cache };
}

/** The rows, asked past the mesh. */
export async function query(node: PostgresNode, text: string): Promise<unknown[]> {
  const client = new Client(node.directUrl);
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}
