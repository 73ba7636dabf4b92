import { expect, it } from 'vitest';
import { addressBook } from '../mesh/address-book.ts';
import { infoOf } from '../topology/info.ts';
import { sampleOf } from './info-probe.ts';

const book = addressBook(
  ['redis-1', 'redis-2', 'redis-3'].map((name) => ({
    name,
    kind: 'redis',
    host: name,
    ports: { client: 6379 },
  })),
);
const sample = (...lines: string[]) =>
  sampleOf('redis-1', infoOf(['# Replication', ...lines, ''].join('\r\n')), 12, book);

it('of a primary counts the replicas online and takes the slowest acknowledgement', () => {
  expect(
    sample(
      'role:master',
      'connected_slaves:3',
      'slave0:ip=127.1.0.12,port=6379,state=online,offset=900,lag=0',
      'slave1:ip=127.1.0.13,port=6379,state=online,offset=700,lag=1',
      'slave2:ip=127.1.0.14,port=6379,state=wait_bgsave,offset=0,lag=0',
      'master_repl_offset:1000',
      'used_memory:2048',
      'redis_version:7.0.15',
      'db0:keys=42,expires=1,avg_ttl=0',
    ),
  ).toEqual({
    at: 12,
    node: 'redis-1',
    role: 'primary',
    offset: 1000,
    ackedOffset: 700,
    replicas: 2,
    linkUp: null,
    primary: null,
    info: { used_memory: 2048, keys: 42 },
  });
  expect(sample('role:master', 'master_repl_offset:5')).toMatchObject({ ackedOffset: null, replicas: 0 });
});

it('of a replica says whom it follows and whether its link is up', () => {
  const lines = ['role:slave', 'master_host:127.1.0.12', 'slave_repl_offset:77', 'master_repl_offset:80'];
  expect(sample(...lines, 'master_link_status:up')).toMatchObject({
    role: 'replica',
    offset: 77,
    linkUp: true,
    primary: 'redis-2',
    replicas: 0,
    ackedOffset: null,
    info: { keys: 0 },
  });
  expect(sample(...lines, 'master_link_status:down').linkUp).toBe(false);
});

it('of a node that loads its data is neither', () => {
  expect(sample('loading:1', 'role:master').role).toBe('loading');
});
