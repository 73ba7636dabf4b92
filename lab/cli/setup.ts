import { LabError } from '../common/errors.ts';
import { clockLibrary } from '../time/clock-library.ts';
import { cacheDirectory } from '../tools/cache-directory.ts';
import { serverPath } from '../tools/servers/server-by-name.ts';
import type { SetupProgress } from '../tools/setup-progress.ts';
import { setupTools } from '../tools/setup-tools.ts';
import type { Tool, ToolOptions } from '../tools/tool.ts';
import { allTools, toolsForRun } from '../tools/tool-sets.ts';
import { exitOf } from './exit-of.ts';
import { setupDisplay } from './setup-display.ts';

/** Where a command writes; process.stdout and process.stderr fit. */
export interface Streams {
  stdout: { write(text: string): unknown; isTTY?: boolean };
  stderr: { write(text: string): unknown; isTTY?: boolean };
}

/** The library for runs on a clock of their own; without it they go at the speed of real time. */
type LabClock = { path: string } | { path: null; why: string; hints: readonly string[] };

/**
 * `lab setup`: finds or brings every tool, or with `forRun` those without which nothing runs, builds the lab clock where
 * there is a compiler for it, and says what it uses and from where. Returns the exit code: 0, 2 or 3; a lab clock that
 * cannot be had is told of, and fails nothing.
 */
export async function setupCommand(
  options: ToolOptions & { json?: boolean; forRun?: boolean },
  streams: Streams,
): Promise<number> {
  // With --json standard output holds the document alone.
  const display = setupDisplay(options.json ? streams.stderr : streams.stdout);
  try {
    const onProgress = (progress: SetupProgress) => display.show(progress);
    const wanted = options.forRun ? toolsForRun(options.platform) : allTools(options.platform);
    const { redis } = options.paths ?? {};
    const named = redis === undefined ? {} : { redis: await serverPath(redis, options, onProgress) };
    const paths = { ...options.paths, ...named };
    const tools = await setupTools(wanted, { ...options, paths }, onProgress);
    display.end();
    const labClock = await clockOf(options);
    streams.stdout.write(
      options.json
        ? `${JSON.stringify({ version: 1, tools, labClock }, null, 2)}\n`
        : `${table(tools)}${clockLines(labClock)}`,
    );
    return 0;
  } catch (error) {
    display.end();
    return exitOf(error, streams.stderr);
  }
}

async function clockOf({ environment = process.env, arch, platform }: ToolOptions): Promise<LabClock> {
  try {
    const path = await clockLibrary({
      cache: cacheDirectory(environment),
      environment,
      ...(arch === undefined ? {} : { arch }),
      ...(platform === undefined ? {} : { platform }),
    });
    return { path };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { path: null, why: error.message, hints: error.details };
  }
}

function clockLines(clock: LabClock): string {
  const name = 'lab clock'.padEnd(17);
  if (clock.path !== null) return `${name}${''.padEnd(9)}${clock.path}  (for --speed)\n`;
  return [`${name}missing, optional: --speed needs it`, clock.why, ...clock.hints]
    .map((line, i) => (i === 0 ? `${line}\n` : `      ${line}\n`))
    .join('');
}

function table(tools: Readonly<Record<string, Tool>>): string {
  return Object.entries(tools)
    .map(([name, tool]) => `${name.padEnd(17)}${tool.version.padEnd(9)}${tool.path}  ${origin(tool)}\n`)
    .join('');
}

/** "(PATH)", "(cache: brought by go install …)". */
export function origin(tool: Tool): string {
  return tool.from === 'PATH' && tool.path.startsWith(`${tool.how}/`)
    ? '(PATH)'
    : `(${tool.from}: ${tool.how})`;
}
