import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../lab/run/record.ts';
import { hardenedSample, labFailedSample, splitBrainSample } from '../data/sample.ts';
import { githubReporter } from './github.ts';
import { annotation, stepSummary } from './github-text.ts';
import type { RunInfo } from './reporter.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lab-github-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function report(records: readonly RunRecord[]) {
  const out: string[] = [];
  const summaryFile = join(dir, 'summary.md');
  const reporter = githubReporter({ stream: { write: (text) => out.push(text) > 0 }, summaryFile });
  for (const record of records)
    void reporter.onRunEnded?.({} as RunInfo, { type: 'run-ended', dir: '/runs/1', record });
  void reporter.onEnd?.();
  return { out: out.join(''), summary: readFileSync(summaryFile, 'utf8') };
}

describe('the reporter', () => {
  test('marks the file of a scenario that did not come out as expected, with its reason on one line', () => {
    const { out } = report([
      splitBrainSample(),
      { ...hardenedSample(), outcome: 'unexpected', reason: '12 % lost\nmore than 5' },
      { ...hardenedSample(), outcome: 'inconclusive', reason: 'too few' },
      labFailedSample(),
    ]);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /^::error title=split-brain hardened%3A unexpected,file=scenarios\/sentinel\/split-brain\.scenario\.ts::12 %25 lost%0Amore than 5%0A/,
    );
    expect(lines[1]).toMatch(/^::warning title=split-brain hardened%3A inconclusive,/);
    expect(lines[2]).toMatch(/^::error title=split-brain vulnerable%3A lab-failed,/);
  });

  test('says nothing of runs as expected, and shows them in the matrix', () => {
    const { out, summary } = report([splitBrainSample(), hardenedSample()]);
    expect(out).toBe('');
    expect(summary).toContain('### Failover lab: 2 of 2 runs as expected');
    expect(summary).toContain('| scenario | vulnerable | hardened |\n|---|---|---|\n');
    expect(summary).toMatch(/\| \*\*Split brain with .*\*\*<br>`split-brain` \| ✅ \| ✅ \|/);
  });

  test('writes no file where GitHub gave none', () => {
    const reporter = githubReporter({ stream: { write: () => true }, summaryFile: undefined });
    expect(() => reporter.onEnd?.()).not.toThrow();
  });
});

describe('the summary', () => {
  test('counts repetitions, worst first', () => {
    const bad = { ...splitBrainSample(), outcome: 'unexpected' as const };
    expect(stepSummary([splitBrainSample(), bad, splitBrainSample()])).toContain('| ❌ 1 ✅ 2 |');
  });

  test('is not led astray by what is in a reason', () => {
    const nasty = { ...splitBrainSample(), outcome: 'unexpected' as const, reason: 'a|b <b>`x`</b>\n| c' };
    expect(stepSummary([nasty])).toContain('unexpected: a\\|b &lt;b&gt;\\`x\\`&lt;/b&gt;<br>\\| c');
  });

  test('stays below the megabyte that GitHub takes', () => {
    const bad = { ...splitBrainSample(), outcome: 'unexpected' as const, reason: 'x'.repeat(100_000) };
    const summary = stepSummary(Array(1000).fill(bad));
    expect(summary.length).toBeLessThan(2 ** 20);
    expect(summary).toContain('… and 800 more.');
  });

  test('of nothing says so', () => {
    expect(stepSummary([])).toContain('No run came to an end');
  });
});

test('an annotation’s properties are escaped further than its message', () => {
  expect(annotation('error', { title: 'a: b, c%' }, 'd: e, f%\r\n')).toBe(
    '::error title=a%3A b%2C c%25::d: e, f%25%0D%0A',
  );
});
