/**
 * What became of a command or statement that failed: `refused` (it did nothing), `unknown` (it may have run: a
 * timeout, a broken connection), or null when the error is none of Redis' or PostgreSQL's absence.
 */
export function fateOf(error: unknown): 'refused' | 'unknown' | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (REFUSED_CODES.has(code) || REFUSED.test(error.message)) return 'refused';
  if (UNKNOWN_CODES.has(code) || UNKNOWN.test(error.message) || error.name === 'MaxRetriesPerRequestError')
    return 'unknown';
  return null;
}

/** Never sent, or answered with a refusal. 53xxx, 57P03 and the like are PostgreSQL's. */
const REFUSED_CODES = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENOTFOUND', '53300', '57P03', '25006']);
const REFUSED =
  /^(READONLY|NOREPLICAS|CLUSTERDOWN|LOADING|MISCONF|OOM|MASTERDOWN|NOAUTH|NOPERM|WRONGPASS|TRYAGAIN|MOVED|ASK|BUSY|ERR max number of clients)|Stream isn't writeable|Cluster isn't ready|timeout exceeded when trying to connect|None of startup nodes|Failed to refresh slots cache|too many clients/i;
const UNKNOWN_CODES = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '57014',
  '57P01',
  '57P02',
  '08006',
  '08003',
]);
const UNKNOWN =
  /Command timed out|Connection is closed|Connection terminated|Query read timeout|statement timeout|Socket timeout|UNBLOCKED|Too many Cluster redirections/i;
