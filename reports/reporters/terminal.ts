import { liveTerminal } from './live-terminal.ts';
import { painter, type TextStream, wantsColour } from './paint.ts';
import { plainTerminal } from './plain-terminal.ts';
import type { Reporter } from './reporter.ts';
import { comparisonLines, suiteTable, type TableRow } from './suite-table.ts';

export interface TerminalOptions {
  /** Default: process.stdout. */
  stream?: TextStream;
  /** Default: process.env; NO_COLOR, TERM and CI are looked at. */
  env?: Readonly<Record<string, string | undefined>>;
  /** The page to open when all is over; asked at the end. */
  reportPath?: () => string | null;
}

/**
 * What somebody in front of a terminal sees: progress that is redrawn in place, or plain lines where the stream is
 * no terminal (or a dumb one, or CI's), each run's result, and a table at the end.
 */
export function terminalReporter(options: TerminalOptions = {}): Reporter {
  const { stream = process.stdout, env = process.env } = options;
  const paint = painter(wantsColour(stream, env));
  const isLive = stream.isTTY === true && env.TERM !== 'dumb' && !env.CI;
  const reporter = isLive ? liveTerminal(stream, paint) : plainTerminal(stream, paint);
  const rows: TableRow[] = [];
  const compared: Parameters<typeof comparisonLines>[0][number][] = [];
  return {
    ...reporter,
    onRunEnded(run, event) {
      const { scenario, variant, outcome, durationMs, realDurationMs } = event.record;
      rows.push({
        scenario: scenario.name,
        variant,
        outcome,
        durationMs,
        ...(realDurationMs === undefined ? {} : { realDurationMs }),
      });
      if (scenario.compare !== undefined)
        compared.push({ scenario, variant, outcome, checks: event.record.checks });
      return reporter.onRunEnded?.(run, event);
    },
    onEnd() {
      const path = options.reportPath?.() ?? null;
      const table =
        rows.length === 0 ? [] : ['', ...suiteTable(rows, paint), ...comparisonLines(compared, paint)];
      const lines = path === null ? table : [...table, `report: ${paint('cyan', path)}`];
      for (const line of lines) stream.write(`${line}\n`);
    },
  };
}
