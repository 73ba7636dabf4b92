import { expect, test } from 'vitest';
import { until } from '../../common/until.ts';
import type { ColdTurns } from './cold-turns.ts';
import type { HotTurns } from './hot-turns.ts';
import { persister } from './persister.ts';
import type { Turn } from './turn.ts';

/** One conversation in memory, and a database that can be away. */
function twin() {
  const waiting: Turn[] = [];
  const stored: number[] = [];
  const database = { isAway: false, statements: 0 };
  const hot: HotTurns = {
    append: async (_conversation, turn) => waiting.push(turn),
    read: async () => [],
    pending: async () => [...waiting],
    persisted: async (_conversation, turns) => {
      waiting.splice(0, turns.length);
      return waiting.length;
    },
    rebuild: async () => {},
  };
  const cold: ColdTurns = {
    async store(_conversation, turns) {
      database.statements++;
      if (database.isAway) throw new Error('connection refused');
      stored.push(...turns.map(({ turn }) => turn));
    },
    read: async () => [],
  };
  const counted = { persisted: 0, failed: 0 };
  const background = persister(
    hot,
    cold,
    3,
    { warn: () => {} },
    {
      persisted: (turns) => (counted.persisted += turns),
      failed: () => counted.failed++,
    },
  );
  const say = async (turn: number) => background.said(5, await hot.append(5, { turn, text: 'text' }, false));
  return { background, say, stored, database, counted };
}

test('nothing is persisted before there are enough turns; then all that wait, in one statement', async () => {
  const { background, say, stored, database, counted } = twin();
  await say(1);
  await say(2);
  expect([database.statements, background.size()]).toEqual([0, 1]);
  await say(3);
  await until(() => stored.length === 3, { what: 'three turns', withinMs: 1000 });
  expect([database.statements, counted.persisted]).toEqual([1, 3]);
  await background.close();
});

test('what failed is tried again without another turn', async () => {
  const { background, say, stored, database, counted } = twin();
  database.isAway = true;
  for (const turn of [1, 2, 3]) await say(turn);
  await until(() => counted.failed > 0, { what: 'a failure', withinMs: 1000 });
  expect(stored).toEqual([]);
  database.isAway = false;
  await until(() => stored.length === 3, { what: 'the second try', withinMs: 5000 });
  expect(stored).toEqual([1, 2, 3]);
  await background.close();
});

test('a shutdown persists what waits, however little', async () => {
  const { background, say, stored } = twin();
  await say(1);
  await background.close();
  expect(stored).toEqual([1]);
});
