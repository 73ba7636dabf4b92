import { describe, expect, it } from 'vitest';
import type { RunDocument } from '../data/run-document.ts';
import { hardenedSample, labFailedSample, splitBrainSample } from '../data/sample.ts';
import { renderIndex } from './render-index.ts';

function textOf(page: string): string {
  const visible = page.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ');
  return visible.replaceAll('\u202f', ' ').replace(/\s+/g, ' ');
}
/** The text of one section of the page. */
function sectionOf(page: string, id: string): string {
  const section = new RegExp(`<section id="${id}">[\\s\\S]*?</section>`).exec(page)?.[0];
  return textOf(section ?? `there is no section ${id}`);
}
const pageOf = (...documents: RunDocument[]) =>
  renderIndex(documents.map((document, i) => ({ document, href: `${i}/report.html` })));
/** A run with other figures of one check. */
function withFigures(document: RunDocument, check: string, figures: Record<string, number>): RunDocument {
  const checks = document.checks.map((each) =>
    each.name === check ? { ...each, figures: { ...each.figures, ...figures } } : each,
  );
  return { ...document, checks };
}

describe('renderIndex', () => {
  const other = {
    ...splitBrainSample().scenario,
    name: 'wipe',
    title: 'The wipe',
    file: 'x/persistence/wipe.scenario.ts',
  };
  const runs = [
    { document: splitBrainSample(), href: 'v/report.html' },
    { document: hardenedSample(), href: 'h/report.html' },
    { document: { ...hardenedSample(), outcome: 'unexpected' as const, seed: 7 }, href: 'h2/report.html' },
    { document: { ...labFailedSample(), scenario: other }, href: 'w/"report".html' },
  ];
  const page = renderIndex(runs);
  const text = textOf(page);

  it('begins with the four numbers, under the vulnerable and the hardened settings', () => {
    expect(text).toContain('Acknowledged writes lost 400 , in 1 of 1 run 24 , in 2 of 2 runs');
    expect(text).toContain('Users logged out not counted not counted');
    expect(text).toContain('Longest outage of a client 2.07 s , in split-brain 2.07 s , in split-brain');
    expect(text).toContain('Database load, peak ÷ normal, at worst not measured not measured');
  });

  it('lists what came out otherwise, the worst first, with its reason', () => {
    expect(text).toContain('4 runs: 2 as expected, 1 not as expected, 1 where the lab itself failed');
    const list = sectionOf(page, 'otherwise');
    expect(list).toMatch(/! The lab failed The wipe wipe, vulnerable, seed \d+ toxiproxy-server on host b/);
    expect(list.indexOf('The wipe')).toBeLessThan(list.indexOf('✗ Not as expected'));
    expect(pageOf(splitBrainSample())).not.toContain('id="otherwise"');
  });

  it('has a row for each scenario under its theme, and of repeated runs the worst outcome and a link for each seed', () => {
    const outcomes = sectionOf(page, 'outcomes');
    expect(outcomes).toMatch(/sentinel Split brain .* persistence The wipe/);
    expect(outcomes).toMatch(
      /✓ As expected report of split-brain, vulnerable acknowledged writes lost 400 longest outage of a client 2\.07 s/,
    );
    expect(outcomes).toContain(
      '✗ Not as expected ✗ 1 report of split-brain, hardened, seed 7: Not as expected',
    );
    expect(outcomes).toContain('1 is 7, 2 is 20251');
    expect(outcomes).toMatch(/The wipe wipe vulnerable ! The lab failed report .* hardened not run/);
    for (const href of ['v/report.html', 'h/report.html', 'h2/report.html'])
      expect(page).toContain(`href="${href}"`);
  });

  it('has a row for each version of the server and each timing where there are several', () => {
    const newer = {
      ...splitBrainSample(),
      versions: { 'redis-server': '8.2.1' },
      timing: 'production' as const,
    };
    const outcomes = sectionOf(pageOf(splitBrainSample(), newer), 'outcomes');
    expect(outcomes).toMatch(/Redis 7\.0\.15, fast timing .* Redis 8\.2\.1, production timing/);
    expect(sectionOf(page, 'outcomes')).not.toContain('fast timing');
  });

  it('holds no run at another speed or on another backend against its like', () => {
    const usual = splitBrainSample();
    const quick = { ...usual, speed: 10, realDurationMs: usual.durationMs / 10 };
    const contained = { ...usual, backend: 'containers' };
    const outcomes = sectionOf(pageOf(usual, quick, contained), 'outcomes');
    expect(outcomes).toMatch(
      /7\.0\.15, fast timing (?!at).* fast timing at speed 10 .* 7\.0\.15 in containers, fast timing/,
    );
  });

  it('says what each setting saves and what it costs', () => {
    const worth = sectionOf(page, 'worth');
    expect(worth).toContain('min-replicas-to-write : 0 (default) → 1');
    expect(worth).toContain('acknowledged writes lost 400 → 12 −97 %');
    expect(worth).toContain('price With both replicas away, the primary refuses every write.');
  });

  it('tells the figures that the scenario compares, and each mitigation by itself', () => {
    const compare = [{ check: 'set', figure: 'lost', label: 'gone', unit: 'writes' }];
    const scenario = { ...splitBrainSample().scenario, compare };
    const vulnerable = { ...splitBrainSample(), scenario };
    const hardened = { ...hardenedSample(), scenario };
    const lease = {
      ...hardened,
      variant: 'only-lease' as const,
      scenario: { ...scenario, variantSummary: 'one fills' },
    };
    const three = pageOf(hardened, lease, vulnerable);
    expect(sectionOf(three, 'worth')).toContain('gone 400 writes → 12 writes −97 %');
    expect(sectionOf(three, 'outcomes')).toContain('✓ only-lease report of split-brain, only-lease');
    expect(sectionOf(three, 'alone')).toMatch(
      /variant outcome gone \(writes\) vulnerable .* 400 only-lease one fills ✓ As expected report of split-brain, only-lease 12 hardened .* 12 /,
    );
    expect(page).not.toContain('id="alone"');
  });

  it('says how long the longest took, and what differs from run to run', () => {
    expect(sectionOf(page, 'slow')).toMatch(/split-brain, vulnerable 13\.\d s \d+(\.\d)? %/);
    const shaky = sectionOf(page, 'shaky');
    expect(shaky).toContain('split-brain, hardened outcome 1 ✓ As expected, 1 ✗ Not as expected');
    expect(shaky).not.toContain('acknowledged writes lost');
    const differing = pageOf(
      hardenedSample(),
      withFigures(hardenedSample(), 'set', { lost: 120 }),
      withFigures(hardenedSample(), 'availability', { longestOutageMs: 2000 }),
    );
    expect(sectionOf(differing, 'shaky')).toContain('acknowledged writes lost 12 to 120');
    expect(sectionOf(differing, 'shaky')).not.toContain('longest outage');
    expect(sectionOf(pageOf(splitBrainSample()), 'shaky')).toContain('No run was repeated');
  });

  it('says that there was no outage in words, and that clients never recovered', () => {
    const calm = sectionOf(
      pageOf(splitBrainSample(), withFigures(splitBrainSample(), 'availability', { longestOutageMs: 0 })),
      'outcomes',
    );
    expect(calm).toContain('longest outage of a client none to 2.07 s');
    const stuck = withFigures(splitBrainSample(), 'availability', { neverRecovered: 3 });
    expect(sectionOf(pageOf(stuck), 'worth')).toContain('clients that never recovered 3 →');
    expect(sectionOf(page, 'worth')).not.toContain('never recovered');
  });

  it('gives the filter what it looks at', () => {
    expect(page).toContain(
      'data-name="wipe" data-theme="persistence" data-outcomes="lab-failed" data-title="The wipe"',
    );
    expect(page).toContain('data-outcomes="as-expected unexpected"');
    expect(page).toMatch(/<form class="filter"[^>]* hidden>/);
  });

  it('escapes addresses, and loads nothing', () => {
    expect(page).toContain('href="w/&quot;report&quot;.html"');
    const own = page.replace(/<script>[\s\S]*?<\/script>/g, '');
    expect(own).not.toMatch(/https?:|\bsrc=|<link|@import/);
  });

  it('says plainly that there is nothing, when there is nothing', () => {
    expect(textOf(renderIndex([]))).toContain('There is nothing to show');
  });
});
