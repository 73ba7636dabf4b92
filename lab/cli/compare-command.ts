import path from 'node:path';
import { conditionDifferences } from '../../reports/html/comparison/condition-differences.ts';
import { renderComparison } from '../../reports/html/comparison/render-comparison.ts';
import { writeWholeFile } from '../../reports/reporters/write-file.ts';
import { makeDirectory } from './make-directory.ts';
import { readRunFolder } from './run-folder.ts';
import type { Streams } from './setup.ts';

/** The options of `lab compare`, parsed. */
export interface CompareOptions {
  html?: string;
}

/** `lab compare`: a page with two runs side by side, on one time axis. UsageError for a folder that is no run's. */
export async function compareCommand(
  given: readonly [string, string],
  { html }: CompareOptions,
  { stdout }: Streams,
): Promise<number> {
  const [first, second] = [readRunFolder(given[0]), readRunFolder(given[1])];
  const page = path.resolve(html ?? path.join(second.dir, 'comparison.html'));
  makeDirectory(path.dirname(page));
  writeWholeFile(page, renderComparison(first.document, second.document));
  for (const { dir, document } of [first, second])
    stdout.write(
      `${document.scenario.name} ${document.variant} (seed ${document.seed}): ${document.outcome}: ${document.reason}\n  ${dir}\n`,
    );
  const conditions = conditionDifferences(first.document, second.document);
  stdout.write(conditions.length === 0 ? 'nothing was different beforehand\n' : 'different beforehand:\n');
  for (const { what, values } of conditions) stdout.write(`  ${what}: ${values[0]} → ${values[1]}\n`);
  stdout.write(`report: ${page}\n`);
  return 0;
}
