import { describe, expect, it } from 'vitest';
import { hardenedSample, labFailedSample, splitBrainSample } from '../data/sample.ts';
import { renderIndex } from './render-index.ts';

function textOf(page: string): string {
  const visible = page.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ');
  return visible.replaceAll('\u202f', ' ').replace(/\s+/g, ' ');
}

describe('renderIndex', () => {
  const other = { ...splitBrainSample().scenario, name: 'wipe', title: 'The wipe' };
  const runs = [
    { document: splitBrainSample(), href: 'v/report.html' },
    { document: hardenedSample(), href: 'h/report.html' },
    { document: { ...hardenedSample(), outcome: 'unexpected' as const }, href: 'h2/report.html' },
    { document: { ...labFailedSample(), scenario: other }, href: 'w/"report".html' },
  ];
  const page = renderIndex(runs);
  const text = textOf(page);

  it('sets the vulnerable settings against the hardened ones, for the whole and for each scenario', () => {
    expect(text).toContain(
      'With the vulnerable settings 400 acknowledged writes were lost, in 1 of 1 run; with the hardened settings 24 acknowledged writes were lost, in 2 of 2 runs.',
    );
    expect(text).toContain(
      'Longest outage of a client: 2.07 s with the vulnerable settings, 2.07 s with the hardened settings.',
    );
    expect(text).toMatch(/As expected 400 writes lost \(14\.1 %\) longest outage 2\.07 s/);
  });

  it('shows of repeated runs the worst outcome, and links to each', () => {
    expect(text).toMatch(/✗ Not as expected 12 writes lost .* report 1 report 2/);
    for (const href of ['v/report.html', 'h/report.html', 'h2/report.html'])
      expect(page).toContain(`href="${href}"`);
  });

  it('says what failed, what did not run, and what to change', () => {
    expect(text).toContain('4 runs: 2 as expected, 1 not as expected, 1 where the lab itself failed');
    expect(text).toMatch(
      /The wipe wipe ! The lab failed lost writes not counted longest outage not measured report not run/,
    );
    expect(text).toContain('Set min-replicas-to-write 1 and min-replicas-max-lag 1.');
  });

  it('compares the variants by the figures that the scenario names', () => {
    const compare = [{ check: 'set', figure: 'lost', label: 'lost', unit: 'writes' }];
    const scenario = { ...splitBrainSample().scenario, compare };
    const vulnerable = { ...splitBrainSample(), scenario };
    const hardened = { ...hardenedSample(), scenario };
    const lease = {
      ...hardened,
      variant: 'only-lease' as const,
      scenario: { ...scenario, variantSummary: 'one fills' },
    };
    const three = [vulnerable, lease, hardened].map((document, i) => ({ document, href: `${i}.html` }));
    const compared = textOf(renderIndex(three));
    expect(compared).toMatch(
      /variant lost \(writes\) vulnerable .* 400 only-lease one fills report 12 hardened .* 12 /,
    );
    expect(text).not.toContain('lost (writes)');
  });

  it('says that there was no outage in words', () => {
    const checks = splitBrainSample().checks.map((check) => ({
      ...check,
      figures: { ...check.figures, ...(check.name === 'availability' && { longestOutageMs: 0 }) },
    }));
    const calm = textOf(renderIndex([{ document: { ...splitBrainSample(), checks }, href: 'a' }]));
    expect(calm).toContain('Longest outage of a client: none above 250 ms with the vulnerable settings.');
    expect(calm).toContain('outages: none above 250 ms');
  });

  it('says that clients never recovered', () => {
    const checks = splitBrainSample().checks.map((check) => ({
      ...check,
      figures: { ...check.figures, neverRecovered: 3 },
    }));
    expect(text).not.toContain('never recovered');
    const stuck = renderIndex([{ document: { ...splitBrainSample(), checks }, href: 'a' }]);
    expect(textOf(stuck)).toContain('3 clients never recovered');
  });

  it('escapes addresses, and loads nothing', () => {
    expect(page).toContain('href="w/&quot;report&quot;.html"');
    expect(page).not.toMatch(/https?:|\bsrc=|<link|@import/);
  });

  it('says plainly that there is nothing, when there is nothing', () => {
    expect(textOf(renderIndex([]))).toContain('There is nothing to show');
  });
});
