import { expect, it } from 'vitest';
import { addressBook } from '../mesh/address-book.ts';
import { clusterMembers } from './cluster-nodes.ts';
import { nodeIds } from './node-ids.ts';

const book = addressBook(
  [1, 2, 3, 4].map((n) => ({
    name: `redis-${n}`,
    kind: 'redis',
    host: `host-${n}`,
    ports: { client: 6379 },
  })),
);
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(40)) as [
  string,
  string,
  string,
  string,
];

/** As Redis 7.0.15 answered, after a crash of the first and in the middle of a move. */
const redis70 = `${d} 127.1.0.14:6379@16379 slave ${a} 0 1795246642058 1 connected
${a} 127.1.0.11:6379@16379 master,fail - 1795246639027 1795246638725 1 disconnected 0-5459
${c} 127.1.0.13:6379@16379 master,fail? - 0 1795246642058 3 connected 10923-16383
${b} 127.1.0.12:6379@16379 myself,master - 0 1795246641000 2 connected 5460 5462-10922 [5462->-${c}] [77-<-${a}]
`;

it('each line is a node with its role, slots, epoch and flags, by name', () => {
  const plain = { role: 'primary', primary: null, moving: '', flags: '' };
  expect(clusterMembers(redis70, 'redis-2', book, nodeIds())).toEqual([
    { ...plain, node: 'redis-1', epoch: 1, slots: '0-5459', flags: 'fail disconnected' },
    { ...plain, node: 'redis-2', epoch: 2, slots: '5460 5462-10922', moving: '5462>redis-3 77<redis-1' },
    { ...plain, node: 'redis-3', epoch: 3, slots: '10923-16383', flags: 'pfail' },
    { ...plain, node: 'redis-4', role: 'replica', primary: 'redis-1', epoch: 1, slots: '' },
  ]);
});

it('later versions have a host name and more behind the address', () => {
  const text = `${a} 127.1.0.11:6379@16379,,shard-id=${b} myself,master - 0 0 1 connected 0-100\n`;
  expect(clusterMembers(text, 'redis-1', book, nodeIds())).toMatchObject([
    { node: 'redis-1', slots: '0-100' },
  ]);
});

it('who has no address is known by what was learned, else by the beginning of the id', () => {
  const ids = nodeIds();
  ids.learn(d, 'redis-4');
  const text = `${d} :0@0 master,noaddr - 0 0 0 disconnected\n${c} :0@0 handshake - 0 0 0 connected\n`;
  expect(clusterMembers(text, 'redis-1', book, ids)).toMatchObject([
    { node: 'cccccccc', flags: 'handshake' },
    { node: 'redis-4', flags: 'noaddr disconnected' },
  ]);
});

it('a node that has no address of its own yet is the one that was asked', () => {
  const ids = nodeIds();
  clusterMembers(`${a} :6379@16379 myself,master - 0 0 0 connected\n`, 'redis-3', book, ids);
  expect(ids.nameOf(a)).toBe('redis-3');
});
