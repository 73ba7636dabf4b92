import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import { until } from '../common/until.ts';
import type { Case } from '../hosts/test-cases.ts';
import { finalRead } from '../workload/final-read.ts';
import { counters } from '../workload/spec.ts';
import type { Credentials } from './access.ts';
import type { Directives } from './directives.ts';
import { type TestGroup, testGroup } from './test-group.ts';

/** What a connection past the mesh is answered, with these credentials. */
async function answerTo(
  group: TestGroup,
  node: string,
  command: string,
  login: Credentials,
): Promise<string> {
  const { direct, ports } = group.book.node(node);
  const redis = new Redis({
    host: direct,
    port: ports.client ?? 0,
    ...login,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    lazyConnect: true,
  });
  redis.on('error', () => {});
  try {
    return String(await redis.call(command, 'key'));
  } catch (error) {
    return String(error);
  } finally {
    redis.disconnect();
  }
}

/** A Sentinel group that asks for a password works whole: replication, links, failover, final read. */
const works =
  (redis: Directives, login: Credentials): Case =>
  async (context) => {
    const group = await testGroup(context, { redis }, { clientHosts: ['client-1'] });
    const { endpoint } = group.topology;
    const { username, password } = endpoint;
    assert.deepEqual({ ...(username ? { username } : {}), ...(password ? { password } : {}) }, login);
    assert.match(await answerTo(group, 'redis-1', 'GET', {}), /NOAUTH/);
    assert.equal(await answerTo(group, 'redis-1', 'GET', login), 'null');
    assert.equal(await answerTo(group, 'redis-1', 'INCR', login), '1');
    const alive = await group.mesh.proveAlive(group.mesh.links(), 5000);
    assert(alive.proved, alive.text);
    const cut = await group.mesh.cut(group.mesh.links().slice(0, 2), 'toxiproxy', 'both');
    assert(cut.proof.proved, cut.proof.text);
    await cut.undo();
    const bytes = await group.mesh.roundTrips(group.mesh.links(), 5000, 50_000);
    assert(
      bytes.every((ms) => ms !== null),
      'a refusal of each part counts as an answer',
    );
    const { process } = group.node('redis-1');
    process?.signal('SIGKILL');
    await process?.exited;
    await until(async () => (await group.topology.primary())?.name !== 'redis-1', {
      what: 'a failover by Sentinels that log in',
      withinMs: 30_000,
    });
    await group.node('redis-1').start('kept');
    await group.topology.settled(30_000);
    const primary = await group.topology.primary();
    assert(primary);
    const { direct, ports } = group.book.node(primary.name);
    const at = { node: primary.name, host: direct, port: ports.client ?? 0, startOfRunMs: 0 };
    const workload = counters({ name: 'stock', clients: 1 });
    await assert.rejects(finalRead(workload, at), /NOAUTH/);
    const reads = await finalRead(workload, { ...at, ...login });
    assert.equal(reads.length, 1);
  };

export const cases: Readonly<Record<string, Case>> = {
  'a password for all': works({ requirepass: 'secret' }, { password: 'secret' }),
  'users with passwords, and a default user who may not come in': works(
    { user: ['default off', 'shop on >till ~* &* +@all -@dangerous'] },
    { username: 'shop', password: 'till' },
  ),
};
