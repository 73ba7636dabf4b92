import { describe, expect, it } from 'vitest';
import type { Marks } from '../../lab/checkers/checker.ts';
import { documentOf, type RunDocument } from '../data/run-document.ts';
import { emptySample, hardenedSample, labFailedSample, splitBrainSample } from '../data/sample.ts';
import { script } from './client.bundle.ts';
import { renderReport } from './render-report.ts';
import { style } from './style.css.ts';

/** The page's visible text, roughly: without styles, script and tags. */
function textOf(page: string): string {
  return page
    .replace(/<(style|script)\b[^>]*>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('\u202f', ' ')
    .replace(/\s+/g, ' ');
}

const evil = `</script><img src=x onerror=alert(1)>\u2028\ud800"'\u0000</style>`;

/** A document with the same nasty text in every place that holds text, keys included. */
function poisoned(value: unknown): unknown {
  if (typeof value === 'string') return evil;
  if (Array.isArray(value)) return value.map(poisoned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, poisoned(each)]));
}

describe('a lab that was broken by hand', () => {
  it('has no verdict, and says what was done and what was proved', () => {
    const text = textOf(
      renderReport({ ...splitBrainSample(), manual: true, outcome: 'inconclusive', schedule: [] }),
    );
    expect(text).toContain('Done by hand');
    expect(text).toMatch(/1 fault was injected, 1 of them proved\. Nothing was claimed/);
    expect(text).toMatch(
      /What was done .*at [\d.]+ s: isolate .*; proved at [\d.]+ s; (healed from|never healed)/,
    );
    expect(text).not.toContain('Inconclusive');
    expect(text).not.toContain('vulnerable settings');
  });

  it('says so all the same when the lab failed', () => {
    const text = textOf(renderReport({ ...labFailedSample(), manual: true }));
    expect(text).toContain('The lab failed');
  });
});

describe('a run on a clock of its own', () => {
  it('says first that all times are lab time, and what it really took', () => {
    const text = textOf(
      renderReport({ ...splitBrainSample(), durationMs: 13_400, speed: 10, realDurationMs: 1340 }),
    );
    expect(text).toContain('all times are lab time, which went 10 times as fast as real time');
    expect(text).toMatch(/Length of the run 13\.4 s of lab time; really 1\.34 s, at speed 10/);
  });
});

describe('renderReport', () => {
  const page = renderReport(splitBrainSample(), { sibling: hardenedSample() });
  const text = textOf(page);

  it('says the verdict and the claim before anything else', () => {
    const order = [
      'As expected',
      '400 of 2 841 acknowledged writes are gone.',
      'A client that stays connected',
      'Timeline',
      'Checks',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('shows the four key numbers with their units', () => {
    for (const each of [
      '400 writes',
      '14.1 % of 2 841 writes',
      '2.07 s',
      '2.11 s',
      '13.4 s',
      'from the fault until the last client worked again',
    ])
      expect(text).toContain(each);
  });

  it('draws the fault as injected and as proved, the roles, the events and the lost writes by cause', () => {
    expect(page.match(/class="fault-unproved"/g)?.length).toBeGreaterThan(1);
    expect(page).toContain('injected at 3.20\u202fs, proved at 3.22\u202fs');
    for (const role of ['primary', 'replica', 'paused', 'loading'])
      expect(page).toContain(`class="role-${role}"`);
    expect(text).toContain('+switch-master the new primary is announced: redis-2');
    // In the lane (a title and an item, both Sentinels in one), in the recovery's steps, and after the first lost writes.
    expect(text.match(/a Sentinel takes the primary for down/g)).toHaveLength(4);
    expect(text).toContain('sentinel-2, sentinel-3 0.018 s later');
    expect(text).toContain('lost: minority-primary 392 writes');
    expect(text).toContain('lost: unreplicated 8 writes');
  });

  it('has a table behind each picture, with and without scripts', () => {
    for (const name of [
      'Faults',
      'Roles',
      'Everything that was reported,',
      'lost (minority primary)',
      'Throughput and latency of “majority”',
    ]) {
      expect(text).toContain(`${name} as a table`);
    }
  });

  it('prints what each check verifies and what it does not, and why each expectation stands', () => {
    for (const check of splitBrainSample().checks) {
      expect(text).toContain(check.verifies);
      expect(text).toContain(check.doesNotVerify);
    }
    expect(text).toContain('six seconds of writes beside the isolated primary must be thrown away');
    expect(text).toContain('set does not hold; acknowledged writes lost: at least 100 writes');
  });

  it('says what to change, with both results, and how to run it again', () => {
    expect(text).toContain('min-replicas-to-write 0 (default) 1');
    expect(text).toContain('+ min-replicas-to-write: 1 - min-replicas-max-lag: 10 (default)');
    expect(text).toContain('result: outcome As expected As expected');
    expect(text).toContain('Seed 20251');
    expect(text).toContain('npx lab replay reports/runs/20260105-093000-split-brain-vulnerable');
    expect(textOf(renderReport(splitBrainSample()))).not.toContain('result:');
  });

  it('compares both by what the scenario names', () => {
    const compare = [{ check: 'set', figure: 'lost', label: 'writes gone', unit: '' }];
    const [run, sibling] = [splitBrainSample(), hardenedSample()].map((document) => ({
      ...document,
      scenario: { ...document.scenario, compare },
    }));
    if (run === undefined || sibling === undefined) throw new Error('expected two runs');
    expect(textOf(renderReport(run, { sibling }))).toContain('result: writes gone 400 12');
  });

  it('has the numbers that it comes down to beside those of the other variant', () => {
    expect(text).toMatch(
      /Acknowledged writes lost 400 writes .* with the hardened settings: 12 writes Longest outage/,
    );
    expect(textOf(renderReport(splitBrainSample()))).not.toContain('with the hardened settings: 12');
    // Nobody logged in and nobody counted queries.
    expect(text).not.toMatch(/Users logged out|Database load/);
  });

  it('counts who was logged out, and holds the database’s busiest moment against its normal one', () => {
    const [check] = splitBrainSample().checks;
    if (check === undefined) throw new Error('expected a check');
    const sessions = {
      ...check,
      name: 'sessions',
      spec: { checker: 'sessions', options: {} },
      figures: { loggedOutUsers: 7, sessions: 40 },
    };
    const stampede = {
      ...check,
      name: 'stampede',
      spec: { checker: 'stampede', options: {} },
      figures: { peakRatio: 31.4, peakPerSecond: 628, baselinePerSecond: 20 },
    };
    const page = textOf(renderReport({ ...splitBrainSample(), checks: [sessions, stampede] }));
    expect(page).toContain('Users logged out 7 users who had not asked for it, in 40 sessions');
    expect(page).toContain('Database load 31.4 × at its peak 628 queries per second, normally 20');
    expect(page).toContain('not known no check measured it');
  });

  it('breaks the recovery down into steps, in order, and names the one that was not seen', () => {
    expect(text).toMatch(
      /enough Sentinels agree .{1,80} 1\.09 s \+0\.060 s .* a replica becomes primary .{1,80} 1\.59 s \+0\.409 s 0\.104 s – 0\.300 s/,
    );
    expect(text).toMatch(/a Sentinel votes for a leader its own vote, at once not seen/);
  });

  it('says never where a client did not come back', () => {
    const checks = splitBrainSample().checks.map((check) => ({
      ...check,
      figures: { ...check.figures, neverRecovered: 2 },
    }));
    expect(textOf(renderReport({ ...splitBrainSample(), checks }))).toContain(
      'never for 2 clients, as long as the load ran',
    );
  });

  it('says so when an expectation was not met', () => {
    const expectations = splitBrainSample().expectations.map((each) => ({
      ...each,
      met: 'no' as const,
      found: 'lost is 3',
    }));
    const said = textOf(renderReport({ ...splitBrainSample(), outcome: 'unexpected', expectations }));
    expect(said).toContain('✗ Not as expected');
    expect(said).toContain('✗ not met');
    expect(said).toContain('lost is 3');
  });

  describe('with more lost writes than the check kept', () => {
    const figures = { lost: 90_000, lostByCause: { 'minority-primary': 89_992, unreplicated: 8 } };
    const draw = (marks?: Marks[]) => {
      const checks = splitBrainSample().checks.map((check) =>
        check.name === 'set' ? { ...check, figures, ...(marks && { marks }) } : check,
      );
      return renderReport({ ...splitBrainSample(), checks });
    };

    it('says for how many a mark stands where the check did not count them in time', () => {
      expect(textOf(draw())).toContain('89 992 writes, one of about 230 is drawn');
    });

    it('draws all of them where it did, up to the last', () => {
      const counts = [...new Array(92).fill(0), 12, 80_000, 9980];
      const page = draw([{ kind: 'lost', cause: 'minority-primary', bucketMs: 100, counts }]);
      const said = textOf(page);
      expect(said).toContain('lost: minority-primary 89 992 writes, acknowledged by');
      expect(said).toContain('80 000 writes between 9.30 s and 9.40 s');
      expect(said).toContain('9 980 writes between 9.40 s and 9.50 s');
      expect(said).toContain('(89 992 writes, 300 of them listed, spread over all)');
    });
  });

  it('names the node on a host that a fault hits', () => {
    const [fault] = splitBrainSample().seen.faults;
    const faults = fault ? [{ ...fault, text: 'isolate a from everybody' }] : [];
    const seen = { ...splitBrainSample().seen, faults };
    expect(textOf(renderReport({ ...splitBrainSample(), seen }))).toContain(
      'isolate a (redis-1) from everybody',
    );
  });

  it('draws an outage from its beginning to its end', () => {
    expect(text).toContain('outage 1 outage, the longest 2.07 s');
    expect(page).toMatch(/<rect class="outage"/);
  });

  it('says from when on outages were counted', () => {
    const checks = splitBrainSample().checks.map((check) =>
      check.name === 'availability'
        ? { ...check, spec: { checker: 'availability', options: { after: 'promotion' } } }
        : check,
    );
    const said = textOf(renderReport({ ...splitBrainSample(), checks }));
    expect(said).toContain('in which a client had no success, counted from the promotion on');
    expect(said).toContain('the longest 2.07 s (counted from the promotion on)');
    expect(text).not.toContain('from the promotion on');
  });

  it('does not let a burst flatten the throughput, and says what it cuts off', () => {
    const ok = [...new Array(50).fill(40), 2762, ...new Array(50).fill(40)];
    const none = ok.map(() => 0);
    const nulls = ok.map(() => null);
    const group = { group: 'all', ok, fail: none, info: none, p50: nulls, p99: nulls, max: nulls };
    const said = renderReport({ ...splitBrainSample(), series: { bucketMs: 100, groups: [group] } });
    expect(textOf(said)).toContain('top 800/s, cut off above it: peak 27 620/s');
    expect(said).toContain('M0 100V52H100L100 52');
  });

  it('says that no outage was longer than what counts as one, not that it lasted 0 s', () => {
    const checks = splitBrainSample().checks.map((check) =>
      check.name === 'availability'
        ? {
            ...check,
            spec: { checker: 'availability', options: { gapMs: 400 } },
            figures: { longestOutageMs: 0, outages: 0 },
            findings: [],
          }
        : check,
    );
    const said = textOf(renderReport({ ...splitBrainSample(), checks }, { sibling: splitBrainSample() }));
    expect(said).toContain('Longest outage none no client was without a success for more than 400 ms');
    expect(said).toContain('longest outage of a client none');
    expect(said).not.toContain('0.000 s');
  });

  it('loads nothing from anywhere', () => {
    // The script names the namespaces of XML.
    expect(page.replace(script, '')).not.toMatch(/https?:|\bsrc=|<link|@import|\bhref="[^#]/);
    expect(page).not.toMatch(/url\((?!#)/);
  });

  it('uses one time axis: a picture of all lanes has no absolute width', () => {
    const plots = page.match(/<svg class="plot"[^>]*>/g) ?? [];
    expect(plots.length).toBeGreaterThan(10);
    for (const plot of plots) expect(plot).not.toMatch(/viewBox|width=/);
  });
});

describe('a report of hostile data', () => {
  const sample = splitBrainSample();
  const bad = poisoned(sample) as RunDocument;
  const page = renderReport({
    ...bad,
    variant: 'vulnerable',
    outcome: 'unexpected',
    errors: { [evil]: 3, constructor: 5 },
    versions: { [evil]: evil },
    checks: bad.checks.map((check, i) => ({
      ...check,
      verdict: 'invalid',
      spec: sample.checks[i]?.spec ?? check.spec,
    })),
    expectations: sample.expectations.map((each) => ({
      ...each,
      figures: { [evil]: { min: 1 } },
      because: evil,
    })),
    seen: { ...bad.seen, roles: sample.seen.roles.map((span) => ({ ...span, node: evil })) },
  });

  it('holds the page’s own script and style, and no other', () => {
    const data = page.match(/<script type="application\/json"/g) ?? [];
    expect(page.match(/<script/g)).toHaveLength(1 + data.length);
    expect(page.match(/<\/script/g)).toHaveLength(1 + data.length);
    expect(page.match(/<\/style/g)).toHaveLength(1);
    expect(page.replace(script, '').replace(style, '')).not.toMatch(/<img|<iframe|\u2028/);
    expect(page).not.toContain('\u0000');
    expect(page.isWellFormed()).toBe(true);
  });

  it('shows the text itself', () => {
    expect(page).toContain('&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;\\u2028\ufffd&quot;&#39;\\u{0}');
  });

  it('forbids every script but its own', async () => {
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(script));
    const own = /<script>([\s\S]*)<\/script>/.exec(page)?.[1];
    expect(own).toBe(script);
    expect(page).toContain(`script-src 'sha256-${Buffer.from(hash).toString('base64')}'`);
  });
});

describe('a partial report', () => {
  it.each([
    ['a run that failed half-way', labFailedSample, 'It has no roles, no checks.'],
    [
      'a run that never began',
      emptySample,
      'It has no phases, no roles, no operations of clients, no checks.',
    ],
  ])('of %s says that it is partial and what is missing', (_, sample, missing) => {
    const text = textOf(renderReport(sample()));
    // The first thing that is said: after the title that the window shows.
    expect(text).toMatch(/^ [^:]* This report is partial : /);
    expect(text).toContain(missing);
    expect(text).toContain('nothing about Redis and nothing about the claim');
    expect(text).toContain(sample().reason);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('shows a fault that was never proved as such', () => {
    const text = textOf(renderReport(labFailedSample()));
    expect(text).toContain('not proved (link redis-2 → redis-1 still answered after 50 ms)');
  });

  it('a complete run is not called partial', () => {
    expect(textOf(renderReport(hardenedSample()))).not.toContain('report is partial');
  });
});

it('stays small for a long run: 2 hours in buckets of 100 ms', () => {
  const long = splitBrainSample();
  const many = Array.from({ length: 72_000 }, (_, i) => i % 50);
  const nulls = many.map(() => null);
  const group = { group: 'all', ok: many, fail: many, info: many, p50: nulls, p99: nulls, max: nulls };
  const seen = { ...long.seen, durationMs: 7_200_000 };
  const page = renderReport(
    documentOf({ ...long, seen, durationMs: 7_200_000, series: { bucketMs: 100, groups: [group] } }),
  );
  expect(page.length).toBeLessThan(400_000);
});
