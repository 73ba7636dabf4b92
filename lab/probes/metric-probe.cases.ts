import { ok as assert, deepEqual, equal } from 'node:assert/strict';
import { until } from '../common/until.ts';
import type { Case } from '../hosts/test-cases.ts';
import { database, query } from '../services/test-database.ts';
import { metricProbe } from './metric-probe.ts';
import { runClock } from './run-clock.ts';

const BY_ID = 'SELECT /* product-by-id */ price FROM product WHERE id = 1';

export const cases: Readonly<Record<string, Case>> = {
  'counts statements by their label, over a restart': async (context) => {
    const { node, start } = await database(context);
    await start('kept');
    const probe = metricProbe({
      database: { name: 'db-1', url: node.directUrl },
      instances: [],
      clock: runClock(),
      everyMs: 20,
    });
    const of = (name: string, statement?: string) =>
      probe.series().find((one) => one.name === name && one.labels.statement === statement);
    const told = (value: number) =>
      until(() => of('queries', 'product-by-id')?.values.at(-1) === value, {
        what: `${value} queries by id`,
        withinMs: 20_000,
      });
    for (let i = 0; i < 7; i++) await query(node, BY_ID);
    await query(node, 'SELECT price FROM product WHERE price > 1');
    await told(7);
    await until(() => of('queries', 'unlabelled')?.values.at(-1) === 1, {
      what: 'the other',
      withinMs: 20_000,
    });
    node.process?.signal('SIGKILL');
    await node.process?.exited;
    await start('kept');
    for (let i = 0; i < 2; i++) await query(node, BY_ID);
    await told(2);
    await probe.stop();
    const statements = probe.series().map(({ labels }) => labels.statement);
    assert(!statements.includes('lab-probe'));
    equal(of('connections')?.source, 'db-1');
    assert(of('transactions')?.kind === 'counter' && of('active_connections')?.kind === 'gauge');
  },
  'leaves a gap while the server stands still': async (context) => {
    const { node, start } = await database(context);
    await start('kept');
    const clock = runClock();
    const probe = metricProbe({
      database: { name: 'db-1', url: node.directUrl },
      instances: [],
      clock,
      everyMs: 20,
    });
    const times = () => probe.series().find(({ name }) => name === 'connections')?.at ?? [];
    await until(() => times().length > 1, { what: 'figures', withinMs: 20_000 });
    node.process?.signal('SIGTERM');
    await node.process?.exited;
    const before = times();
    const stopped = clock.now();
    await until(() => clock.now() > stopped + 300, { what: 'time to pass', withinMs: 20_000 });
    deepEqual(times(), before);
    await start('kept');
    await until(() => times().length > before.length + 1, { what: 'figures again', withinMs: 20_000 });
    await probe.stop();
    const after = times()[before.length] ?? 0;
    assert(after - (before.at(-1) ?? 0) > 300);
  },
};
