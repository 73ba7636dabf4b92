import { contextOf } from '../tools/context.ts';
import type { ToolReport } from '../tools/inspect-tools.ts';
import { findServer } from '../tools/servers/find-server.ts';
import { refusedImage, serverChoice } from '../tools/servers/server-choice.ts';
import type { ToolOptions } from '../tools/tool.ts';

/** What `--redis` comes to on this machine, without bringing anything. */
export interface LookedServer<Options extends ToolOptions> {
  /** With the path that it means, where it is a path or a server that is here. */
  options: Options;
  /** A name, or an image, which containers may have. */
  image: string | null;
  /** Reports of tools as they are with it. */
  applied(reports: readonly ToolReport[]): ToolReport[];
}

/** Looks for the server that `options.paths.redis` means. UsageError for a name without a version, and for one that is too old. */
export async function lookForServer<Options extends ToolOptions>(
  options: Options,
): Promise<LookedServer<Options>> {
  const given = options.paths?.redis;
  const choice = given === undefined ? null : serverChoice(given);
  if (given === undefined || choice === null || choice.kind === 'path')
    return { options, image: null, applied: (reports) => [...reports] };
  const { redis: _, ...paths } = options.paths ?? {};
  const found = choice.kind === 'name' ? await findServer(choice, contextOf(options)) : null;
  if (found !== null)
    return {
      options: { ...options, paths: { ...paths, redis: found } },
      image: given,
      applied: (reports) => [...reports],
    };
  const missing =
    choice.kind === 'image'
      ? { problems: [refusedImage(given).message], hints: ['--backend containers runs it'] }
      : {
          problems: [`expected ${given} on this machine, got no such server yet`],
          hints: [`lab setup --redis ${given} brings it, and so does whatever runs on it`],
        };
  return {
    options: { ...options, paths },
    image: given,
    applied: (reports) =>
      reports.map((report) => (report.kit === 'redis' ? { ...report, ...missing, tool: null } : report)),
  };
}
