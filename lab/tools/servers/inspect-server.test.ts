import { expect, it } from 'vitest';
import { isServerIn } from '../../common/server.ts';
import { findTools } from '../find-tools.ts';
import { features, showsFeature } from './features.ts';
import { inspectServer } from './inspect-server.ts';

/** What servers said when they were asked by hand: since when each has what. */
const since: Readonly<Record<string, { redis?: string; valkey?: string }>> = {
  FAILOVER: { redis: '6.2', valkey: '7.2' },
  'SENTINEL DEBUG': { redis: '7.0', valkey: '7.2' },
  'SENTINEL FAILOVER … COORDINATED': { valkey: '9.0' },
  WAITAOF: { redis: '7.2', valkey: '7.2' },
  'CLIENT NO-TOUCH': { redis: '7.2', valkey: '7.2' },
  'CLUSTER LINKS': { redis: '7.0', valkey: '7.2' },
  'CLUSTER SLOT-STATS': { redis: '8.2', valkey: '8.0' },
  'atomic slot migration (CLUSTER MIGRATESLOTS)': { valkey: '9.0' },
};

it('a real server is asked what it offers, and says what its version is known to have', async () => {
  const { 'redis-server': tool } = await findTools(['redis-server']);
  const server = await inspectServer(tool.path);
  expect(server.version).toBe(tool.version);
  expect(Object.keys(server.features ?? {})).toEqual(features.map(({ name }) => name));
  for (const [name, { [server.product]: first }] of Object.entries(since)) {
    const has = first !== undefined && isServerIn(server, { product: server.product, since: first });
    expect(server.features, name).toMatchObject({ [name]: has });
  }
});

it.each([
  ["ERR unknown command 'WAITAOF', with args beginning with: '0'", false],
  ["ERR unknown subcommand 'NO-TOUCH'. Try CLIENT HELP.", false],
  ["ERR wrong number of arguments for 'sentinel|failover' command", false],
  ['ERR syntax error', false],
  ['ERR No failover in progress.', true],
  ['ERR No such master with that name', true],
  ['CLUSTERDOWN Hash slot not served', true],
])('%s: there is such a command: %s', (message, there) => {
  expect(showsFeature({ name: '', asked: 'server', command: [] }, new Error(message))).toBe(there);
});
