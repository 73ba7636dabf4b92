import { describe, expect, it } from 'vitest';
import { hardenedSample, labFailedSample, splitBrainSample } from '../data/sample.ts';
import { escapeXml, junitXml } from './junit-xml.ts';

const run = (record = splitBrainSample()) => ({ dir: 'runs/a', record });

describe('junitXml', () => {
  it('makes a suite of each run and a case of each expectation, with times in seconds', () => {
    const xml = junitXml([run(), run(hardenedSample())]);
    expect(xml).toContain(
      '<testsuites name="failover-lab" tests="4" failures="0" errors="0" skipped="0" time="26.800">',
    );
    expect(xml).toContain(
      '<testsuite name="split-brain/vulnerable" tests="2" failures="0" errors="0" skipped="0" time="13.400"',
    );
    expect(xml).toContain('<testcase name="set, is invalid, lost ≥ 100" classname="split-brain/vulnerable"');
    expect(xml).toContain('<property name="seed" value="20251"/>');
    // What somebody waited for, not the lab's time.
    const fast = junitXml([{ dir: 'a', record: { ...splitBrainSample(), speed: 10, realDurationMs: 1340 } }]);
    expect(fast).toContain('time="1.340"');
    expect(fast).toContain('<property name="speed" value="10"/>');
    expect(xml).not.toMatch(/<(failure|error|skipped)/);
  });

  it('tells what failed, why it was expected, and how to run it again', () => {
    const sample = splitBrainSample();
    const expectations = sample.expectations.map((each, i) => ({
      ...each,
      met: i === 0 ? ('no' as const) : ('undecided' as const),
      found: 'lost is 3',
    }));
    const xml = junitXml([run({ ...sample, outcome: 'unexpected', expectations })]);
    expect(xml).toContain('failures="1" errors="0" skipped="1"');
    expect(xml).toContain('<failure message="lost is 3">expected because six seconds');
    expect(xml).toContain('run it again: npx lab replay');
  });

  it('is an error when the lab failed, and never green without a reason', () => {
    expect(junitXml([run(labFailedSample())])).toContain('<error message="toxiproxy-server on host b');
    expect(junitXml([run({ ...splitBrainSample(), outcome: 'unexpected' })])).toContain('failures="1"');
    expect(junitXml([run({ ...splitBrainSample(), outcome: 'inconclusive' })])).toContain('skipped="1"');
  });

  it('holds no sign that XML forbids', () => {
    const evil = `</failure>]]>&"'\u0000\u001b[31m\ud800\ufffe\n`;
    const xml = junitXml([run({ ...labFailedSample(), reason: evil })]);
    expect(escapeXml(evil)).toBe('&lt;/failure&gt;]]&gt;&amp;&quot;&apos;\\u{0}\\u{1b}[31m\ufffd\\u{fffe}\n');
    expect(xml).toContain('message="&lt;/failure&gt;');
    expect(xml).toContain('\\u{fffe}&#10;"');
    expect(xml.match(/<\/error>/g)).toHaveLength(1);
    expect(xml).not.toMatch(/[^\P{Cc}\n]/u);
  });
});
