import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { documentOf, type RunDocument } from '../data/run-document.ts';
import { renderIndex } from '../html/render-index.ts';
import { renderReport } from '../html/render-report.ts';
import type { IndexRun } from '../html/suite/scenario-runs.ts';
import type { Reporter } from './reporter.ts';
import { writeWholeFile } from './write-file.ts';

/** The reporter of pages, which knows which page somebody should open. */
export interface HtmlReporter extends Reporter {
  /** The index over all runs, or the report of the only one; null while nothing was written. */
  path(): string | null;
}

/**
 * Writes report.html into every run's folder, with the result of the other variant as soon as there is one, and
 * at the end `indexFile` over all of them. It expects run.json in the folders (run-json.ts comes before it).
 */
export function htmlReporter(indexFile: string): HtmlReporter {
  const ended: { dir: string; document: RunDocument }[] = [];
  let path: string | null = null;
  return {
    name: 'report.html',
    path: () => path,
    onRunEnded(_, { dir, record }) {
      const document = documentOf(record);
      const sibling = ended.findLast(
        (each) =>
          each.document.scenario.name === record.scenario.name && areCounterparts(each.document, record),
      );
      path = join(dir, 'report.html');
      writeWholeFile(
        path,
        renderReport(document, sibling === undefined ? {} : { sibling: sibling.document }),
      );
      const small = summaryOf(document);
      ended.push({ dir, document: small });
      return sibling && addSibling(sibling.dir, small);
    },
    onEnd() {
      const runs = ended.map(({ dir, document }): IndexRun => ({ document, href: hrefOf(indexFile, dir) }));
      writeWholeFile(indexFile, renderIndex(runs));
      if (ended.length !== 1) path = indexFile;
    },
  };
}

/** Renders an earlier report again, now that the other variant's result is known. */
async function addSibling(dir: string, sibling: RunDocument): Promise<void> {
  const file = join(dir, 'run.json');
  // Whoever should have written it has failed, and that is said at the end.
  if (!existsSync(file)) return;
  // The schema's library takes a quarter of a second to load, which only a second run has to wait for.
  const { parseRunDocument } = await import('../data/parse-run-document.ts');
  const document = parseRunDocument(readFileSync(file, 'utf8'), file);
  writeWholeFile(join(dir, 'report.html'), renderReport(document, { sibling }));
}

/** What the index and a sibling's report show of a run: its bulk need not stay in memory until the end. */
function summaryOf({ logs: _, ...document }: RunDocument): RunDocument {
  return {
    ...document,
    processes: [],
    seen: { ...document.seen, roles: [], events: [], samples: [], metrics: [] },
    series: { bucketMs: document.series.bucketMs, groups: [] },
    checks: document.checks.map(({ lost: _, ...check }) => ({ ...check, findings: [], marks: [] })),
  };
}

/** The address of a run's report as seen from the index. */
function hrefOf(indexFile: string, dir: string): string {
  const steps = relative(join(indexFile, '..'), dir).split(sep);
  return [...steps, 'report.html'].map(encodeURIComponent).join('/');
}

/** The vulnerable and the hardened one; variants with one mitigation are compared in the index. */
function areCounterparts(one: Pick<RunDocument, 'variant'>, other: Pick<RunDocument, 'variant'>): boolean {
  const variants = [one.variant, other.variant];
  return variants.includes('vulnerable') && variants.includes('hardened');
}
