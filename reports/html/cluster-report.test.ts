import { expect, it } from 'vitest';
import { hardenedSample } from '../data/sample.ts';
import { clusterSample } from '../data/sample-cluster.ts';
import { renderReport } from './render-report.ts';

const textOf = (page: string) =>
  page
    .replace(/<(style|script)>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('\u202f', ' ')
    .replace(/\s+/g, ' ');

const page = renderReport(clusterSample());
const text = textOf(page);

it('draws how many slots were served, and the shard that lacked some', () => {
  expect(text).toContain('slots served share of the 16 384, 66.7 % at the least');
  expect(page).toMatch(/<path class="served" d="M800 100V0H4300V33.3H5450V0H13400V100Z"\/>/);
  expect(text).toMatch(/5 461 slots of redis-1 .* 1\.15 s redis-1: 0 % served from 4\.30 s to 5\.45 s/);
  expect(text).not.toContain('slots of redis-2');
});

it('draws who owned slots according to whom, where that changed', () => {
  const bars = [
    ...page.matchAll(/class="owner-(all|most|few)"(?:(?!<\/svg>)[\s\S])*?<title>([^<]*)<\/title>/g),
  ].map(([, minds, title = '']) => `${minds}: ${title.replaceAll('\u202f', ' ')}`);
  expect(bars).toEqual([
    'all: redis-1 owns slots 0–5460, all agreed: 0.800 s to 5.40 s',
    'most: redis-1 owns slots 0–5460, says redis-1, redis-2, redis-3, redis-5 and redis-6: 5.40 s to 5.45 s',
    'few: redis-1 owns slots 0–5460, says redis-1: 5.45 s to 9.41 s',
    'few: redis-4 owns slots 0–5460, says redis-4: 5.40 s to 5.45 s',
    'most: redis-4 owns slots 0–5460, says redis-2, redis-3, redis-4, redis-5 and redis-6: 5.45 s to 9.41 s',
    'all: redis-4 owns slots 0–5460, all agreed: 9.41 s to 13.4 s',
  ]);
  expect(page).toContain('Two nodes served slots 0–5460 at once: 5.40\u202fs to 6.00\u202fs');
});

it('says the same in words and in tables, for who does not see the picture', () => {
  expect(text).toContain('For 1.15 s not every slot was served, at the worst 66.7 % of them.');
  expect(text).toContain('Once the nodes that ran were not of one mind');
  expect(text).toContain('Two nodes served slots 0–5460 at once. From 5.40 s to 9.41 s');
  expect(text).toContain('Slot coverage, as a table (3 spans)');
  expect(text).toContain('redis-1 (none of its 5 461)');
  expect(text).toContain('Who owned which slots according to whom, as a table (6 spans)');
  expect(text).toContain('redis-1, says redis-1; redis-4, says redis-2, redis-3, redis-4, redis-5, redis-6');
});

it('draws what nobody served once: not again as a finding', () => {
  expect(text).not.toContain('uncovered as a table');
});

it('shows the lanes without a check of the slots too', () => {
  const sample = clusterSample();
  const without = textOf(
    renderReport({ ...sample, checks: sample.checks.filter(({ name }) => name === 'set') }),
  );
  expect(without).toMatch(/5 461 slots of redis-1 .* 1\.15 s redis-1: 0 % served from 4\.30 s to 5\.45 s/);
});

it('says whose replica a node is', () => {
  expect(text).toContain('redis-5 replica of redis-2');
  expect(text).toContain('redis-4 replica of redis-1');
});

it('tells what the nodes decided and the steps of the recovery in words', () => {
  expect(text).toContain('redis-1 is declared failing (FAIL) redis-2, redis-3 0.003 s later');
  expect(text).toContain('the cluster is down (CLUSTERDOWN) redis-2');
  expect(text).toMatch(
    /a node suspects it \(PFAIL\) 1\.05 s .* declares it failing \(FAIL\) 1\.10 s .* asks for votes 2\.00 s .* becomes primary 2\.20 s .* every slot is served again 2\.25 s .* the last client works again 2\.40 s/,
  );
});

it('explains a cluster’s words, and the causes that occurred', () => {
  for (const term of ['slot, shard', 'PFAIL, FAIL', 'MOVED, ASK', 'stale replica', 'open move'])
    expect(text).toContain(` ${term} `);
  expect(text).not.toContain('+sdown, +odown');
  const other = textOf(renderReport(hardenedSample()));
  expect(other).toContain('+sdown, +odown');
  expect(other).not.toContain('slot, shard');
  expect(other).not.toContain('Who served which slots');
});

it('gathers the nodes of a large cluster whose role never changed', () => {
  const sample = clusterSample();
  const more = Array.from({ length: 24 }, (_, i) => `redis-${i + 7}`);
  const roles = more.map((node, i) => ({
    node,
    role: i < 12 ? ('primary' as const) : ('replica' as const),
    from: 610,
    to: 13_400,
  }));
  const seen = {
    ...sample.seen,
    nodes: [...sample.seen.nodes, ...more],
    roles: [...sample.seen.roles, ...roles],
  };
  const large = renderReport({ ...sample, seen });
  expect(large.match(/aria-label="[^"]*primary from/g)?.length).toBe(3);
  expect(textOf(large)).toContain('14 nodes redis-2, redis-3, redis-7 and 11 others primary');
  expect(textOf(large)).toContain('14 nodes redis-5, redis-6, redis-19 and 11 others replica');
});

it('counts the shards beyond those with a lane, and hides most disagreements of many behind a click', () => {
  const sample = clusterSample();
  const own = sample.ownership;
  if (own === undefined) throw new Error('no ownership');
  const [first] = own.groups;
  const groups = Array.from({ length: 10 }, (_, i) => ({
    ...first,
    slots: `${i}`,
    count: 1,
  })) as typeof own.groups;
  const shards = Array.from({ length: 10 }, (_, i) => ({
    shard: `s${i}`,
    count: 1,
    coverage: [
      { at: 800, share: 1 },
      { at: 4000 + i, share: 0 },
    ],
  }));
  const many = textOf(renderReport({ ...sample, ownership: { ...own, groups, shards } }));
  expect(many).toContain('2 more shards lacked service');
  expect(many).toContain('4 more groups of slots changed hands');
  expect(many).toContain('4 more disagreements');
  expect(many).toContain('10 times the nodes that ran');
});

it('does not make much of what was shorter than the time between two questions', () => {
  const sample = clusterSample();
  const own = sample.ownership;
  const [first] = own?.groups ?? [];
  if (own === undefined || first === undefined) throw new Error('no ownership');
  const beliefs = first.beliefs
    .filter(({ from }) => from !== 5450)
    .map((each, i) => (i === 2 ? { ...each, from: 5450 } : each));
  const brief = { ...own, groups: [{ ...first, beliefs, doubles: [] }] };
  const said = textOf(renderReport({ ...sample, ownership: brief }));
  expect(said).toContain('never of different minds about a slot’s owner for more than 0.300 s');
  expect(said).not.toContain('Two nodes claimed');
  const both = textOf(
    renderReport({ ...sample, ownership: { ...own, groups: [...own.groups, ...brief.groups] } }),
  );
  expect(both).toContain(
    'not of one mind about who owns some slots (and once more for no longer than 0.300 s: see the table)',
  );
});
