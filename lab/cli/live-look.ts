import path from 'node:path';
import { liveSeries } from '../history/live-series.ts';
import type { RunRecord } from '../run/record.ts';
import type { RunUnderWay } from './execute-run.ts';

/** What a run has come to, with the series of what its clients have done so far; null once it has ended. */
export function liveLook(run: Pick<RunUnderWay, 'look'>, dir: string): () => Promise<RunRecord | null> {
  const series = liveSeries(path.join(dir, 'history.jsonl'));
  return async () => {
    const record = await run.look();
    return record === null ? null : { ...record, series: await series.upTo(record.durationMs) };
  };
}
