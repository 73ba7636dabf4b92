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

/** `lab setup`: finds or brings every tool, or with `forRun` those without which nothing runs, and says what it uses and from where. Returns the exit code: 0, 2 or 3. */
export async function setupCommand(
  options: ToolOptions & { json?: boolean; forRun?: boolean },
  streams: Streams,
): Promise<number> {
  // With --json standard output holds the document alone.
  const display = setupDisplay(options.json ? streams.stderr : streams.stdout);
  try {
    const onProgress = (progress: SetupProgress) => display.show(progress);
    const wanted = options.forRun ? toolsForRun(options.platform) : allTools(options.platform);
    const tools = await setupTools(wanted, options, onProgress);
    display.end();
    streams.stdout.write(options.json ? `${JSON.stringify({ version: 1, tools }, null, 2)}\n` : table(tools));
    return 0;
  } catch (error) {
    display.end();
    return exitOf(error, streams.stderr);
  }
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
