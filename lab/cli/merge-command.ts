import { cpSync, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { suiteJson } from '../../reports/data/suite-json.ts';
import { renderIndex } from '../../reports/html/render-index.ts';
import { junitXml } from '../../reports/reporters/junit-xml.ts';
import { writeWholeFile } from '../../reports/reporters/write-file.ts';
import { UsageError } from '../common/errors.ts';
import { exitCodeOf } from './exit-code.ts';
import { makeDirectory } from './make-directory.ts';
import { runsIn } from './runs-in.ts';
import type { Streams } from './setup.ts';

/** The options of `lab merge`, parsed. */
export interface MergeOptions {
  out: string;
}

/**
 * `lab merge`: copies the runs of several invocations, as of shards on machines of their own, into one folder, with an
 * index.html, a junit.xml and a runs.json over all. Returns the exit code that one invocation of them all would have had.
 * UsageError for folders without runs, and for a target that holds something.
 */
export async function mergeCommand(
  folders: readonly string[],
  { out }: MergeOptions,
  { stdout }: Streams,
): Promise<number> {
  const target = path.resolve(out);
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new UsageError(
      `--out ${out}: expected a folder that is empty or not there, got one that holds something`,
    );
  // The order in which they were made, wherever that was.
  const runs = runsIn(folders).sort((a, b) => (a.document.startedAt < b.document.startedAt ? -1 : 1));
  makeDirectory(target);
  const copies = runs.map(({ dir, document }) => {
    const name = freeName(target, path.basename(dir));
    cpSync(dir, path.join(target, name), { recursive: true });
    return { name, dir: path.join(target, name), record: document };
  });
  const index = path.join(target, 'index.html');
  const pages = copies.map(({ name, record }) => ({
    document: record,
    href: `${encodeURIComponent(name)}/report.html`,
  }));
  writeWholeFile(index, renderIndex(pages));
  writeWholeFile(path.join(target, 'junit.xml'), junitXml(copies));
  writeWholeFile(path.join(target, 'runs.json'), `${JSON.stringify(suiteJson(copies), null, 2)}\n`);
  stdout.write(`${copies.length} runs\nreport: ${index}\n`);
  return exitCodeOf(copies.map(({ record }) => record.outcome));
}

/** Two machines may have made runs of one scenario in the same second. */
function freeName(target: string, wanted: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted}-${n}`;
    if (!existsSync(path.join(target, name))) return name;
  }
}
