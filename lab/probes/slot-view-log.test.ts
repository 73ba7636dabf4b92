import { expect, it } from 'vitest';
import type { SlotMember } from '../history/observations.ts';
import { slotViewLog } from './slot-view-log.ts';

const member = (node: string, slots: string, flags = ''): SlotMember => ({
  node,
  role: 'primary',
  primary: null,
  epoch: 1,
  slots,
  moving: '',
  flags,
});
const view = (at: number, node: string, ...members: SlotMember[]) =>
  ({ at, node, state: 'ok', epoch: 3, members }) as const;

it('keeps what is said of a node once and a view only where it differs from its last', () => {
  const log = slotViewLog();
  const [a, b] = [member('a', '0-9'), member('b', '10-19')];
  log.told(view(10, 'a', a, b));
  log.told(view(12, 'b', a, b));
  log.told(view(60, 'a', member('a', '0-9'), member('b', '10-19')));
  log.told(view(110, 'a', a, member('b', '10-19', 'pfail')));
  log.told({ ...view(112, 'b', a, b), state: 'fail' });
  log.told(view(160, 'a', a, b));
  const all = log.all(150);
  expect(all?.members).toEqual([a, b, member('b', '10-19', 'pfail')]);
  expect(all?.views.map(({ at, node, state, members }) => [at, node, state, ...members])).toEqual([
    [10, 'a', 'ok', 0, 1],
    [12, 'b', 'ok', 0, 1],
    [110, 'a', 'ok', 0, 2],
    [112, 'b', 'fail', 0, 1],
  ]);
});

it('keeps the first view after a node ended, also where it is the same', () => {
  const log = slotViewLog();
  for (const at of [10, 60]) log.told(view(at, 'a', member('a', '0-9')));
  log.ended('a');
  for (const at of [110, 160]) log.told(view(at, 'a', member('a', '0-9')));
  expect(log.all(200)?.views.map(({ at }) => at)).toEqual([10, 110]);
});

it('thirty nodes that all change their minds every 150 ms for ten seconds fit in 600 kB', () => {
  const log = slotViewLog();
  const nodes = Array.from({ length: 30 }, (_, i) => `redis-${i + 1}`);
  for (let at = 0; at < 10_000; at += 150)
    for (const node of nodes)
      log.told(view(at, node, ...nodes.map((one, i) => member(one, `${i * 500}`, at % 300 ? 'pfail' : ''))));
  const size = JSON.stringify(log.all(10_000)).length;
  expect(size).toBeLessThan(600_000);
  expect(log.all(10_000)?.members).toHaveLength(60);
});

it('is null without any view', () => {
  expect(slotViewLog().all(10)).toBeNull();
});
