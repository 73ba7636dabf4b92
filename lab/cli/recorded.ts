import path from 'node:path';
import { readHistory } from '../history/read-history.ts';
import { computeSeries } from '../history/series.ts';
import type { RunRecord } from '../run/record.ts';

/**
 * Clients and their operations of a run that was not judged, as far as they stand in its history. Nothing where it was
 * judged, or there is no history that can be read.
 */
export async function recorded(
  dir: string,
  { checks, seen: { durationMs } }: RunRecord,
): Promise<Partial<Pick<RunRecord, 'clients' | 'series' | 'errors'>>> {
  if (checks.length > 0) return {};
  try {
    const { history } = await readHistory(path.join(dir, 'history.jsonl'));
    const { clients, operations } = history;
    return { clients, ...computeSeries({ operations, clients, durationMs }) };
  } catch {
    // It died before there was one, or with it: the record says already that the lab failed.
    return {};
  }
}
