import assert from 'node:assert/strict';
import { LabError } from '../common/errors.ts';
import type { Case } from '../hosts/test-cases.ts';
import { standalone } from './standalone.ts';
import { testGroup } from './test-group.ts';

export const cases: Readonly<Record<string, Case>> = {
  'one server alone takes commands, over links too': async (context) => {
    const group = await testGroup(context, standalone(), { clientHosts: ['client-1'] });
    assert.deepEqual(
      group.topology.nodes.map((node) => `${node.name}@${node.host.name}`),
      ['redis-1@host-1'],
    );
    assert.equal((await group.topology.primary())?.name, 'redis-1');
    assert.equal(await group.node('redis-1').control.set('key', 'value'), 'OK');
    assert.deepEqual(group.topology.endpoint, { host: group.book.node('redis-1').announced, port: 6379 });
    assert((await group.mesh.proveAlive(group.mesh.links(), 5000)).proved);
    assert.equal(group.mesh.links().length, 1);
  },

  'replicas follow from the first write on, and nobody promotes them': async (context) => {
    const group = await testGroup(context, standalone({ replicas: 2 }));
    await group.node('redis-1').control.set('key', 'value');
    assert.equal(await group.node('redis-1').control.wait(2, 10_000), 2);
    assert.equal(await group.node('redis-3').control.get('key'), 'value');
    const { process } = group.node('redis-1');
    process?.signal('SIGKILL');
    await process?.exited;
    assert.equal((await group.topology.primary())?.name, 'redis-1', 'the last one, while none answers');
    await assert.rejects(
      group.topology.settled(300),
      (error) => error instanceof LabError && /redis-1 accepts/.test(error.message),
    );
    await group.node('redis-1').start('kept');
    await group.topology.settled(20_000);
    await group.node('redis-2').control.replicaof('NO', 'ONE');
    await group.node('redis-1').control.replicaof(group.book.node('redis-2').announced, 6379);
    assert.equal((await group.topology.primary())?.name, 'redis-2', 'whoever says that it is one');
  },
};
