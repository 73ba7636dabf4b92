import { join } from 'node:path';
import type { FinishedRun } from '../data/suite-json.ts';
import { junitXml } from './junit-xml.ts';
import type { Reporter } from './reporter.ts';
import { writeWholeFile } from './write-file.ts';

/** Writes junit.xml into every run's folder, and one for all runs to `suiteFile` where that is given. */
export function junitReporter(suiteFile?: string): Reporter {
  const runs: FinishedRun[] = [];
  return {
    name: 'junit.xml',
    onRunEnded(_, { dir, record }) {
      writeWholeFile(join(dir, 'junit.xml'), junitXml([{ dir, record }]));
      // Of a run the suite needs no series and no samples: a long invocation must not hold them all.
      const seen = { ...record.seen, samples: [], events: [], roles: [] };
      if (suiteFile !== undefined)
        runs.push({ dir, record: { ...record, seen, series: { bucketMs: 0, groups: [] } } });
    },
    onEnd() {
      if (suiteFile !== undefined) writeWholeFile(suiteFile, junitXml(runs));
    },
  };
}
