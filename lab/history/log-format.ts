import { LabError } from '../common/errors.ts';

/**
 * The file `history.jsonl`: one JSON value a line, appended to by several processes at once.
 *
 *     {"format":"failover-lab history","version":1,"columns":["client","f",…]}       first line
 *     {"client":0,"name":"writer-1","group":"writers","host":"app-1"}                one for each client
 *     [0,"add","ids",17,1204.113,1204.52,"ok","redis-1",null]                       one for each operation
 *     [0,"add","ids",18,1206.01,1209.3,"ok","redis-2",null,1,"MOVED:1"]             one that was sent on once
 *     {"crashed":0,"at":5210.4}                                                     its process died
 *     {"final":"set","key":"ids","node":"redis-2","at":9001.2,"part":1,"of":3,"values":[…]}
 *
 * Behind the columns an operation has two more, `redirects` and `redirectedBy`, if there were any. Times are milliseconds since
 * the run's start, rounded to microseconds: of lab time, whose speed the first line names where it is not 1 (`"speed":10`).
 */
export const historyFormat = 'failover-lab history';
export const historyVersion = 1;
export const historyColumns = [
  'client',
  'f',
  'key',
  'value',
  'invoked',
  'completed',
  'outcome',
  'node',
  'error',
] as const;

/** Ids in one line of a final read: keeps lines below 100 kB. */
export const idsPerLine = 5000;

/** What a process had brought to disk when writing failed. */
export interface Saved {
  bytes: number;
  operations: number;
}

/** The error for a log that cannot be written: names the file, the reason and what is safe. */
export function cannotWrite(path: string, cause: unknown, saved: Saved): LabError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = code === 'ENOSPC' ? 'no space left on the disk' : code || String(cause);
  return new LabError(
    `cannot write the history to ${path}: ${reason}; ${saved.operations} operations (${saved.bytes} bytes) of this process were saved`,
    { cause, details: ['What was saved can still be checked; the last line may be incomplete.'] },
  );
}
