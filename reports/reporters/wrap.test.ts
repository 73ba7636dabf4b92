import { expect, it } from 'vitest';
import { wrap } from './wrap.ts';

it('breaks between words, and goes on below the text of a check', () => {
  expect(wrap('  set  invalid  12 of 20 are lost, and more', 33)).toEqual([
    '  set  invalid  12 of 20 are',
    '                lost, and more',
  ]);
  expect(wrap('  claim: all of it is gone', 16)).toEqual(['  claim: all of', '    it is gone']);
});

it('leaves alone what fits and what somebody will copy, and takes colours for nothing', () => {
  const bold = '\u001b[1mname\u001b[0m: a title of 25 signs.';
  expect(wrap(bold, 32)).toEqual([bold]);
  expect(wrap(bold, 19)).toEqual(['\u001b[1mname\u001b[0m: a title of', '  25 signs.']);
  const command = `  run it again:   npx lab replay ${'a'.repeat(60)} b`;
  expect(wrap(command, 40)).toEqual([command]);
});

it('gives a word that is longer than the line a line of its own, and loses nothing', () => {
  const lines = wrap(`  why: ${'x'.repeat(30)} and then`, 20);
  expect(lines.join(' ').replace(/ +/g, ' ').trim()).toBe(`why: ${'x'.repeat(30)} and then`);
});
