import type { Outcome } from '../../../history/operation.ts';

/** What came of a request: its outcome, and the classified error of one that did not end `ok`. */
export interface Fate {
  outcome: Outcome;
  error: string | null;
}

/** The part of an answer of k6 that says what became of the request. */
interface Answered {
  /** 0 without an answer. */
  status: number;
  /** k6's codes: https://grafana.com/docs/k6/latest/javascript-api/error-codes/ */
  error_code: number;
  error: string;
}

const OK: Fate = { outcome: 'ok', error: null };
const notDone: readonly number[] = [401, 404, 429, 503];
const requestTimeout = 1050;
const dialTimeout = 1211;
const dialError = 1210;
const refused = 1212;

/** As lab/history/application.ts says: certainly not done is `fail`, unknown is `info`. */
export function fateOf({ status, error_code, error }: Answered): Fate {
  if (status >= 200 && status < 300) return OK;
  if (status !== 0)
    return {
      outcome: notDone.includes(status) || isRefusal(status) ? 'fail' : 'info',
      error: `http ${status}`,
    };
  if (error_code === refused) return { outcome: 'fail', error: 'refused' };
  if (error_code === dialError) return { outcome: 'fail', error: 'unreachable' };
  if (error_code === requestTimeout || error_code === dialTimeout || /timeout|deadline/i.test(error))
    return { outcome: 'info', error: 'timeout' };
  if (/EOF|reset|broken pipe|closed/i.test(error)) return { outcome: 'info', error: 'reset' };
  return { outcome: 'info', error: `unclassified: ${error.replace(/\s+/g, ' ').slice(0, 120)}` };
}

/** The application refuses what it does not understand, and does nothing about it. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500;
}
