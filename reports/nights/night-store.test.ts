import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunDocument } from '../data/run-document.ts';
import { hardenedSample, labFailedSample, splitBrainSample } from '../data/sample.ts';
import { NightStore } from './night-store.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lab-nights-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const at = (document: RunDocument, startedAt: string, seed = 1): RunDocument => ({
  ...document,
  startedAt,
  seed,
});
const FIRST = '2026-01-05T01:00:00.000Z';
const SECOND = '2026-01-06T01:00:00.000Z';

describe('the store', () => {
  test('keeps nights, runs and figures in a file that outlives it, in a folder that it makes', () => {
    const file = join(dir, 'state', 'lab', 'nights.sqlite');
    {
      using store = new NightStore(file);
      expect(store.add([at(splitBrainSample(), SECOND), at(hardenedSample(), SECOND)])).toBe(1);
      expect(store.add([at(splitBrainSample(), FIRST)], 'abc123')).toBe(2);
    }
    using store = new NightStore(file);
    expect(store.nights()).toEqual([
      { id: 2, startedAt: FIRST, label: 'abc123', runs: 1 },
      { id: 1, startedAt: SECOND, label: '', runs: 2 },
    ]);
    expect(
      store.runs().map(({ night, variant, server, outcome }) => [night, variant, server, outcome]),
    ).toEqual([
      [1, 'vulnerable', '7.0.15', 'as-expected'],
      [1, 'hardened', '7.0.15', 'as-expected'],
      [2, 'vulnerable', '7.0.15', 'as-expected'],
    ]);
    const lost = store.figures().filter(({ figure }) => figure === 'lost');
    expect(lost.map(({ night, variant, value }) => [night, variant, value])).toEqual([
      [1, 'vulnerable', 400],
      [1, 'hardened', 12],
      [2, 'vulnerable', 400],
    ]);
    expect(store.figures().some(({ figure }) => figure.startsWith('lostByCause.'))).toBe(true);
  });

  test('knows runs at another speed, and those in containers, from the usual ones', () => {
    using store = new NightStore(join(dir, 'n.sqlite'));
    const usual = at(splitBrainSample(), FIRST);
    store.add([usual, { ...usual, speed: 10 }, { ...usual, backend: 'containers' }]);
    expect(store.runs().map(({ timing, server }) => [timing, server])).toEqual([
      ['fast', '7.0.15'],
      ['fast at speed 10', '7.0.15'],
      ['fast', '7.0.15 in containers'],
    ]);
  });

  test('adds no run twice, and no night of runs that are all there', () => {
    using store = new NightStore(join(dir, 'n.sqlite'));
    const [one, other] = [at(splitBrainSample(), FIRST, 1), at(splitBrainSample(), FIRST, 2)];
    expect(store.add([one])).toBe(1);
    expect(store.add([one])).toBeNull();
    expect(store.add([])).toBeNull();
    expect(store.add([one, other])).toBe(2);
    expect(store.runs().map(({ seed }) => seed)).toEqual([1, 2]);
  });

  test('gives no figures of a run whose claim was not put to the test', () => {
    using store = new NightStore(join(dir, 'n.sqlite'));
    store.add([
      at({ ...splitBrainSample(), outcome: 'inconclusive' }, FIRST),
      at(labFailedSample(), FIRST, 2),
    ]);
    expect(store.runs()).toHaveLength(2);
    expect(store.figures()).toEqual([]);
  });

  test('keeps what changed on a night, once', () => {
    using store = new NightStore(join(dir, 'n.sqlite'));
    const night = store.add([at(splitBrainSample(), FIRST)]) ?? 0;
    const change = { scenario: 's', variant: 'v', timing: 'fast', server: '7', check: 'set', figure: 'lost' };
    store.keepChanges(night, [change]);
    store.keepChanges(night, [change]);
    expect(store.changes()).toEqual([{ ...change, night }]);
    store.keepChanges(night, []);
    expect(store.changes()).toEqual([]);
  });

  test('refuses a file that is something else, and says which', () => {
    const text = join(dir, 'text.sqlite');
    writeFileSync(text, 'not a database, but long enough to be taken for one'.repeat(20));
    expect(() => new NightStore(text)).toThrow(/text\.sqlite: .*not a database/);
    const other = join(dir, 'other.sqlite');
    const db = new DatabaseSync(other);
    db.exec('create table things (a)');
    db.close();
    expect(() => new NightStore(other)).toThrow(
      /other\.sqlite: expected nights of version 1, got another database/,
    );
    const newer = new DatabaseSync(join(dir, 'newer.sqlite'));
    newer.exec('create table night (id); pragma user_version = 7');
    newer.close();
    expect(() => new NightStore(join(dir, 'newer.sqlite'))).toThrow(/got version 7/);
  });
});
