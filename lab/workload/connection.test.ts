import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { prng } from '../common/prng.ts';
import { until } from '../common/until.ts';
import type { Outcome } from '../history/operation.ts';
import { Client } from './client.ts';
import { connect } from './connect.ts';
import { Operations } from './operations.ts';
import type { ClientOptions } from './redis-options.ts';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0).reverse()) step();
});

/** A server that speaks just enough RESP 2 for ioredis, and answers the nth SADD by `onAdd(n)`. */
async function scripted(onAdd: (n: number, socket: Socket) => string | undefined): Promise<number> {
  let adds = 0;
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    undo.push(() => socket.destroy());
    socket.on('data', (data) => {
      for (const [, name] of data.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)) {
        const answer = name === 'sadd' ? onAdd(++adds, socket) : handshake(name ?? '');
        if (answer !== undefined) socket.write(answer);
      }
    });
  }).listen(0, '127.0.0.1');
  undo.push(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return address.port;
}

function handshake(name: string): string {
  if (name === 'hello') return "-ERR unknown command 'HELLO'\r\n";
  if (name === 'info') return '$9\r\nloading:0\r\n';
  return '+OK\r\n';
}

type Recorded = [outcome: Outcome, node: string | null, error: string | null];

/** One add through a client with these options; gives what was recorded of it. */
async function addOnce(port: number, options: ClientOptions): Promise<Recorded> {
  const recorded: Recorded[] = [];
  const log = {
    add: (
      ...row: [number, string, string, number | null, number, number, Outcome, string | null, string | null]
    ) => {
      recorded.push([row[6], row[7], row[8]]);
    },
  };
  const operations = new Operations(log, 0);
  const retryDelay = { minMs: 5, maxMs: 5 };
  const nodes = { [`127.0.0.1:${port}`]: 'redis-1' };
  const primary = connect({ host: '127.0.0.1', port }, { retryDelay, ...options }, nodes, prng(1));
  undo.push(() => primary.disconnect());
  await primary.whenReady();
  const plan = () => ({ f: 'add' as const, key: 'k', value: 1 });
  new Client({ index: 0, plan, primary, reads: primary, wait: null, operations }).issue(0, () => {});
  await until(() => recorded.length > 0, { what: 'the outcome', withinMs: 20_000 });
  return recorded[0] as Recorded;
}

const refusal = "-READONLY You can't write against a read only replica.\r\n";

test('refused the first time it was sent: certain', async () => {
  const port = await scripted(() => refusal);
  expect(await addOnce(port, {})).toEqual(['fail', 'redis-1', 'READONLY']);
});

test('refused when it was sent again after a reset: the first one may have been done', async () => {
  const port = await scripted((n, socket) => (n === 1 ? void socket.destroy() : refusal));
  expect(await addOnce(port, {})).toEqual(['info', 'redis-1', 'READONLY-after-resend']);
});

test('done when it was sent again after a reset: ok', async () => {
  const port = await scripted((n, socket) => (n === 1 ? void socket.destroy() : ':0\r\n'));
  expect(await addOnce(port, {})).toEqual(['ok', 'redis-1', null]);
});

test('reset with no retry left: nobody knows', async () => {
  const port = await scripted((_, socket) => void socket.destroy());
  expect(await addOnce(port, { maxRetriesPerRequest: 0 })).toEqual(['info', null, 'max-retries']);
});

test('reset without resending: ioredis leaves the command pending, so that its timeout is all there is', async () => {
  const sent: number[] = [];
  const port = await scripted((n, socket) => {
    sent.push(n);
    return void socket.destroy();
  });
  const options = { autoResendUnfulfilledCommands: false, commandTimeout: 300 };
  expect(await addOnce(port, options)).toEqual(['info', null, 'timeout']);
  expect(sent).toEqual([1]);
});
