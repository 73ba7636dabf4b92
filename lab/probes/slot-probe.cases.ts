import assert from 'node:assert/strict';
import { recovery } from '../checkers/recovery.ts';
import { slotCoverage } from '../checkers/slot-coverage.ts';
import { slotOwnersOf } from '../checkers/slot-owners.ts';
import { until } from '../common/until.ts';
import { historyStore } from '../history/history-store.ts';
import type { Observations } from '../history/observations.ts';
import type { Case } from '../hosts/test-cases.ts';
import { cluster } from '../topology/cluster.ts';
import { testGroup } from '../topology/test-group.ts';
import { eventLog } from './event-log.ts';
import { startProbes } from './probes.ts';
import { runClock } from './run-clock.ts';

export const cases: Readonly<Record<string, Case>> = {
  'follows a failover: suspicion, failure, election, promotion, full coverage': async (context) => {
    const clock = runClock();
    const events = eventLog();
    const topology = cluster();
    const { nodes: plan } = topology.plan();
    const group = await testGroup(context, topology);
    const { book } = group;
    const probes = startProbes({ plan, book, logs: context.logs, clock, events, everyMs: 50 });
    probes.watch(group.topology.nodes);
    probes.ask(group.topology.nodes);
    const views = () => probes.slots(clock.now());
    const owner = (slot: number) => {
      const seen = { events: events.all, roles: [], slots: views() } as unknown as Observations;
      return slotOwnersOf(seen)?.ownerAt(slot, clock.now());
    };
    await until(() => new Set(views()?.views.map(({ node }) => node)).size === 6, {
      what: 'a view of every node',
      withinMs: 30_000,
    });
    const from = clock.now();
    const { process } = group.node('redis-1');
    process?.signal('SIGKILL');
    await process?.exited;
    await until(() => owner(0) === 'redis-4', { what: 'redis-4 to own slot 0', withinMs: 30_000 });
    await until(
      async () =>
        /cluster_state:ok/.test(String(await group.node('redis-2').control.call('CLUSTER', 'INFO'))),
      {
        what: 'the cluster to be sound',
        withinMs: 30_000,
      },
    );
    const healed = clock.now();
    await until(() => clock.now() > healed + 500, { what: 'the last views', withinMs: 5000 });
    probes.stop();
    const to = clock.now();
    const fault = { id: 'kill-1', name: 'kill', text: '', targets: ['redis-1'], proof: '', healedAt: null };
    const seen: Observations = {
      durationMs: to,
      nodes: plan.map(({ name }) => name),
      roles: probes.roles(to),
      events: events.all,
      faults: [{ ...fault, injectedAt: from, provedAt: from, recoveredAt: null }],
      samples: probes.samples,
      loadWindow: { from, to },
      slots: probes.slots(to) ?? { members: [], views: [] },
    };
    const history = historyStore();
    const { figures } = recovery().check({ history, seen });
    const at = ['pfailMs', 'failMs', 'electionMs', 'promotionMs', 'coverageMs'].map((step) =>
      Number(figures[step]),
    );
    assert.deepEqual(
      at,
      at.toSorted((a, b) => a - b),
      JSON.stringify(figures),
    );
    assert(Number(figures.pfailMs) > 0, JSON.stringify(figures));
    const covered = slotCoverage().check({ history, seen }).figures;
    const byShard = covered.longestUncoveredMsByShard as Record<string, number>;
    assert(Number(byShard['redis-1']) >= Number(figures.promotionMs), JSON.stringify(covered));
    const told = events.all.filter(({ kind, at }) => kind === 'fail' && at >= from);
    assert(told.length > 0 && told.every(({ data }) => data?.node === 'redis-1'), JSON.stringify(told));
    const winner = events.all.find(({ kind, at }) => kind === 'promotion' && at >= from);
    assert.equal(winner?.source, 'redis-4');
    const votes = events.all.filter(({ kind, data }) => kind === 'vote' && data?.node === 'redis-4');
    assert.deepEqual(new Set(votes.map(({ source }) => source)), new Set(['redis-2', 'redis-3']));
    assert(JSON.stringify(seen.slots).length < 60_000, 'views stay small');
  },
};
