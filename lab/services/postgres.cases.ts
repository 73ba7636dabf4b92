import { ok as assert, equal } from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { monotonicMs } from '../common/clock.ts';
import type { Case } from '../hosts/test-cases.ts';
import type { PostgresNode } from './postgres.ts';
import { database, query } from './test-database.ts';

const sumOf = async (node: PostgresNode) =>
  ((await query(node, 'SELECT sum(price)::int AS sum FROM product')) as { sum: number }[])[0]?.sum;

export const cases: Readonly<Record<string, Case>> = {
  'is ready within two seconds once its template is there': async (context) => {
    const { node, start, cache } = await database(context);
    await start('kept');
    equal(readdirSync(path.join(cache, 'postgres')).length, 1);
    equal(await sumOf(node), 300);
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      node.process?.signal('SIGTERM');
      equal((await node.process?.exited)?.code, 0);
      times.push(await start('lost'));
    }
    assert(Math.min(...times) < 2000, `ready in ${times.join(', ')} ms`);
  },
  'keeps what was written over a kill, and forgets it when its data is lost': async (context) => {
    const { node, start } = await database(context);
    const changes: string[] = [];
    node.onChange((change) => changes.push(change.change === 'started' ? `started ${change.data}` : 'ended'));
    await start('kept');
    const client = new Client(node.directUrl);
    client.on('error', () => {});
    await client.connect();
    await client.query('INSERT INTO product VALUES (3, 300)');
    node.process?.signal('SIGKILL');
    equal((await node.process?.exited)?.signal, 'SIGKILL');
    await start('kept');
    equal(await sumOf(node), 600);
    node.process?.signal('SIGKILL');
    await node.process?.exited;
    await start('lost');
    equal(await sumOf(node), 300);
    equal(changes.join(), 'started lost,ended,started kept,ended,started lost');
  },
  'ends on SIGTERM though clients are connected': async (context) => {
    const { node, start } = await database(context);
    await start('kept');
    const client = new Client(node.directUrl);
    client.on('error', () => {});
    await client.connect();
    const from = monotonicMs();
    node.process?.signal('SIGTERM');
    equal((await node.process?.exited)?.code, 0);
    // A shutdown that waits for them never ends.
    assert(monotonicMs() - from < 15_000);
  },
  'counts statements by itself': async (context) => {
    const { node, start } = await database(context);
    await start('kept');
    await query(node, 'SELECT price FROM product WHERE id = 1 /* product-by-id */');
    await query(node, 'SELECT price FROM product WHERE id = 2 /* product-by-id */');
    const rows = (await query(
      node,
      `SELECT calls::int FROM pg_stat_statements WHERE query LIKE '%/* product-by-id */%' AND query NOT LIKE '%pg_stat%'`,
    )) as { calls: number }[];
    equal(rows[0]?.calls, 2);
  },
  'listens on its own addresses alone': async (context) => {
    const { node, start } = await database(context);
    await start('kept');
    const script = `const s = require('node:net').createServer().listen(5432, '127.1.0.99', () => { console.log('free'); s.close(); })`;
    equal((await node.host.run(process.execPath, ['-e', script])).trim(), 'free');
    const inUse = `require('node:net').createServer().on('error', (e) => console.log(e.code)).listen(5432, process.argv[1])`;
    for (const address of ['127.0.0.1', '127.1.0.11', '198.18.0.11'])
      equal((await node.host.run(process.execPath, ['-e', inUse, address])).trim(), 'EADDRINUSE');
  },
  'says what the preparation failed with, and keeps no template of it': async (context) => {
    const { node, start, cache } = await database(context, { key: 'wrong', sql: 'CREATE TABEL x ();' });
    const error = await start('kept').then(
      () => null,
      (failure: unknown) => failure as Error,
    );
    assert(
      /db-1: the database's preparation "wrong" failed: syntax error at or near "TABEL"/.test(
        error?.message ?? '',
      ),
      error?.message,
    );
    equal(readdirSync(path.join(cache, 'postgres')).length, 0);
    equal(node.process, null);
  },
};
