import { LabError } from '../common/errors.ts';
import { inspectTools, type ToolReport } from './inspect-tools.ts';
import type { Tool, ToolName, ToolOptions, Tools } from './tool.ts';

/**
 * Finds tools that are there already (explicit path, PATH, cache), without bringing any; takes milliseconds.
 * Throws UsageError for an explicit path with nothing to run at it, and LabError that names what is missing or
 * does not fit, with expected and got.
 */
export async function findTools<N extends ToolName>(
  wanted: readonly N[],
  options: ToolOptions = {},
): Promise<Tools<N>> {
  const reports = await inspectTools(wanted, options);
  const missing = reports.filter((report) => report.tool === null);
  if (missing.length === 0) return toolsOf(wanted, reports);
  const refused = missing.find((report) => report.refused !== null)?.refused;
  if (refused) throw refused;
  throw new LabError(`missing: ${missing.map((report) => report.name).join(', ')}`, {
    details: [...missing.flatMap(explanation), 'to bring them: lab setup'],
  });
}

/** Expected and got, in a line or more. */
export function explanation(report: ToolReport): string[] {
  if (report.problems.length > 0) return report.problems.map((problem) => `${report.name}: ${problem}`);
  return [`${report.name}: expected ${report.expected}, got none on PATH or in the lab's cache`];
}

function toolsOf<N extends ToolName>(wanted: readonly N[], reports: readonly ToolReport[]): Tools<N> {
  const found = new Map(reports.map((report) => [report.name, report.tool]));
  // The cast says what the caller has established: every wanted tool has a report, and none is missing.
  return Object.fromEntries(wanted.map((name) => [name, found.get(name)])) as Record<N, Tool>;
}
