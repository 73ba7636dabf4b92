import { messageOf } from '../common/errors.ts';
import { rangeText } from '../common/version-number.ts';
import { type Context, contextOf } from './context.ts';
import { installHints } from './install-hints.ts';
import type { Kit } from './kit.ts';
import { kitsFor } from './kits/kits.ts';
import { look } from './look.ts';
import type { Tool, ToolName, ToolOptions } from './tool.ts';

/** What is known of one tool, there or not. */
export interface ToolReport {
  name: ToolName;
  kit: Kit['name'];
  /** The versions that fit, in words. */
  expected: string;
  /** Null when there is none that fits. */
  tool: Tool | null;
  /** What was found instead, and where. */
  problems: readonly string[];
  /** How a person can get it; empty when it is there. */
  hints: readonly string[];
  /** What an explicit path was refused with; null otherwise. */
  refused: Error | null;
}

/** Looks for tools without bringing any; never throws because of a tool. */
export async function inspectTools(
  wanted: readonly ToolName[],
  options: ToolOptions = {},
): Promise<ToolReport[]> {
  const context = contextOf(options);
  const reports = await Promise.all(kitsFor(wanted).map((entry) => inspectKit(entry, context)));
  context.versions.save();
  return reports.flat();
}

async function inspectKit(
  { kit, tools }: { kit: Kit; tools: ToolName[] },
  context: Context,
): Promise<ToolReport[]> {
  let refused: Error | null = null;
  const looked = await look(kit, tools, context).catch((error: unknown) => {
    refused = error instanceof Error ? error : new Error(String(error));
    return { tools: undefined, problems: [messageOf(error)] };
  });
  return tools.map((name) => {
    const tool = looked.tools?.[name] ?? null;
    return {
      name,
      kit: kit.name,
      expected: rangeText(kit.range),
      tool,
      problems: tool === null ? looked.problems : [],
      hints: tool === null ? installHints(kit, context) : [],
      refused,
    };
  });
}
