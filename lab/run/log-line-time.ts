import { parseLogLine } from '../probes/log-line.ts';

/** When a line of any process' log was written, in ms since 1970; null for one that says no time (a stack trace's lines). */
export function logLineTime(line: string): number | null {
  return parseLogLine(line)?.wallMs ?? ofJson(line) ?? ofPostgres(line);
}

/** `{"time":1795264323118,…}` of the application, `{…,"time":"2026-11-21T12:32:05Z",…}` of Toxiproxy, which tells whole seconds. */
function ofJson(line: string): number | null {
  if (!line.startsWith('{')) return null;
  const [, text, ms] = /"time":(?:"([^"]+)"|(\d{12,}))/.exec(line) ?? [];
  const wallMs = text === undefined ? Number(ms) : Date.parse(text);
  return Number.isFinite(wallMs) ? wallMs : null;
}

/** `2026-11-21 12:32:00.668 UTC [119] LOG:  starting` (PostgreSQL's log_line_prefix as installed, `%m [%p] `). */
function ofPostgres(line: string): number | null {
  const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3}) (?:UTC|GMT) /.exec(line) ?? [];
  return day === undefined ? null : Date.parse(`${day}T${time}Z`);
}
