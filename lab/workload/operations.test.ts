import { expect, it } from 'vitest';
import { Operations } from './operations.ts';

it('records nothing any more once it has given up, not even of clients who have not heard that', () => {
  const recorded: unknown[] = [];
  const operations = new Operations({ add: (...line) => recorded.push([line[1], line[6]]) }, 0);
  const planned = { key: 'locks:1', value: null };
  const open = operations.begin(0, { f: 'acquire', ...planned }, 0);
  operations.giveUp();
  operations.end(open, 'ok', null, null);
  operations.end(operations.begin(0, { f: 'guard', ...planned }, 0), 'ok', null, null);
  expect(recorded).toEqual([['acquire', 'info']]);
});
