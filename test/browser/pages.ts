import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RunDocument } from '../../reports/data/run-document.ts';
import { emptySample, hardenedSample, labFailedSample, splitBrainSample } from '../../reports/data/sample.ts';
import { clusterSample } from '../../reports/data/sample-cluster.ts';
import { renderComparison } from '../../reports/html/comparison/render-comparison.ts';
import { renderIndex } from '../../reports/html/render-index.ts';
import { renderReport } from '../../reports/html/render-report.ts';
import { NightStore } from '../../reports/nights/night-store.ts';
import { renderNights } from '../../reports/nights/render-nights.ts';
import { sampleNights } from '../../reports/nights/sample-nights.ts';
import { trendOf } from '../../reports/nights/trend.ts';

/** Every kind of page, by name, from documents that are made up. */
export const pages: Readonly<Record<string, () => string>> = {
  report: () => renderReport(splitBrainSample(), { sibling: hardenedSample() }),
  hardened: () => renderReport(hardenedSample(), { sibling: splitBrainSample() }),
  cluster: () => renderReport(clusterSample()),
  partial: () => renderReport(labFailedSample()),
  empty: () => renderReport(emptySample()),
  index: () => renderIndex(suiteSample()),
  'empty-index': () => renderIndex([]),
  nights: () => nightsPage(),
  comparison: () => renderComparison(splitBrainSample(), hardenedSample()),
};

/** Twelve nights, the last of them with longer outages. */
function nightsPage(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'lab-nights-'));
  try {
    using store = new NightStore(path.join(directory, 'nights.sqlite'));
    for (const documents of sampleNights(12, 1500)) store.add(documents, 'made up');
    const nights = store.nights();
    return renderNights(
      nights,
      trendOf(
        nights.map(({ id }) => id),
        store.runs(),
        store.figures(),
        store.changes(),
      ),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Three scenarios, one of them repeated with other figures and outcomes, one with a mitigation of its own, one of the lab's failures. */
function suiteSample(): { document: RunDocument; href: string }[] {
  const failover: RunDocument['scenario'] = {
    ...splitBrainSample().scenario,
    name: 'a-failover-with-quite-a-long-name',
    title: 'A failover whose title does not fit into a line on most screens, and says what is at stake',
    file: 'scenarios/replication/failover.scenario.ts',
    compare: [{ check: 'set', figure: 'lost', label: 'acknowledged writes lost', unit: '' }],
  };
  const documents: RunDocument[] = [
    splitBrainSample(),
    hardenedSample(),
    ...[0, 1, 2].flatMap((seed) =>
      [splitBrainSample(), hardenedSample()].map((each, i) => ({
        ...each,
        seed,
        scenario: failover,
        outcome: seed === 2 && i === 1 ? ('unexpected' as const) : each.outcome,
        checks: each.checks.map((check) => ({
          ...check,
          figures: check.name === 'set' ? { ...check.figures, lost: 100 * seed + i } : check.figures,
        })),
      })),
    ),
    {
      ...hardenedSample(),
      variant: 'only-lease',
      scenario: { ...failover, variantSummary: 'One fills, the others wait.' },
    },
    {
      ...labFailedSample(),
      scenario: { ...splitBrainSample().scenario, name: 'wipe', file: 'x/persistence/wipe.ts' },
    },
  ];
  return documents.map((document, i) => ({ document, href: `run-${i}/report.html` }));
}
