import { describe, expect, it } from 'vitest';
import type { SlotOwnership } from '../../../lab/run/record.ts';
import { sampleOwnership } from '../../data/sample-cluster.ts';
import { disagreementsOf } from './disagreements.ts';

type Group = SlotOwnership['groups'][number];

const plain = (text: string) => text.replaceAll('\u202f', ' ');
function told(beliefs: Group['beliefs'], doubles: Group['doubles'] = [], slots = '7', count = 1): string[] {
  const group = { slots, count, beliefs, doubles };
  return disagreementsOf({ ...sampleOwnership(), groups: [group] }).map((one) =>
    plain(`${one.title}. ${one.sentence}`),
  );
}
const says = (owner: string | null, ...by: string[]) => ({ owner, by });
const belief = (from: number, to: number, ...owners: Group['beliefs'][number]['owners']) => ({
  from,
  to,
  owners,
});

describe('disagreementsOf', () => {
  it('says who claimed what, who followed, and that two served the slots', () => {
    const [one, ...more] = disagreementsOf(sampleOwnership());
    expect(more).toEqual([]);
    expect(plain(one?.title ?? '')).toBe('Two nodes served slots 0–5460 at once');
    expect(plain(one?.sentence ?? '')).toBe(
      'From 5.40 s to 9.41 s, for 4.01 s (5 461 slots, 33.3 % of all): redis-1 took itself for the owner; redis-4 took itself for the owner; redis-2, redis-3, redis-5 and redis-6 named redis-1, then redis-4. For 0.600 s of it two of them served these slots, each without the other’s writes.',
    );
  });

  it('does not claim that two served slots for less time than lies between two looks', () => {
    expect(told([belief(0, 50, says('a', 'a'), says('b', 'b'))], [{ from: 0, to: 50 }])).toEqual([
      'Two nodes claimed slot 7. From 0 s to 0.050 s, for 0.050 s (1 slot): a took itself for the owner; b took itself for the owner. For at most 0.050 s of it two of them may have served these slots, each without the other’s writes.',
    ]);
  });

  it('tells claims of which only one was served', () => {
    expect(told([belief(0, 900, says('a', 'a'), says('b', 'b', 'c'))])[0]).toMatch(
      /^Two nodes claimed slot 7\. .* b took itself for the owner; c named b\. No two of them served/,
    );
  });

  it('tells a delay of news, and that somebody knew of no owner', () => {
    expect(told([belief(0, 900, says('a', 'a', 'b'), says(null, 'c'))])).toEqual([
      'Not all nodes named the same owner of slot 7. From 0 s to 0.900 s, for 0.900 s (1 slot): a took itself for the owner; b named a; c named nobody. Until all had heard, a client could be sent to the wrong node.',
    ]);
  });

  it('is two disagreements where all agreed in between, and the changes within one are one', () => {
    const both = says('b', 'b');
    const texts = told([
      belief(0, 100, says('a', 'a', 'c'), both),
      belief(100, 200, says('a', 'a'), says('b', 'b', 'c')),
      belief(200, 300, { owner: 'b', by: [] }),
      belief(300, 400, says('a', 'a'), both),
    ]);
    expect(texts).toHaveLength(2);
    expect(texts[0]).toContain(
      'for 0.200 s (1 slot): a took itself for the owner; b took itself for the owner; c named a, then b.',
    );
  });

  it('names a few of many', () => {
    const many = Array.from({ length: 27 }, (_, i) => `n${String(i).padStart(2, '0')}`);
    const [text = ''] = told([belief(0, 900, says('a', 'a'), says('b', 'b', ...many))], [], '1-2 4 6-8', 6);
    expect(text).toContain('n00, n01, n02, n03 and 23 others named b');
    expect(text).toMatch(/^Two nodes claimed slots 1–2, 4 and 1 more range\. /);
  });
});
