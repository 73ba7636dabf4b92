import { join } from 'node:path';
import { LabError, messageOf } from '../common/errors.ts';
import { rangeText } from '../common/version-number.ts';
import { bringInto, filledKit } from './brought.ts';
import type { Context } from './context.ts';
import { goInstall } from './go-install.ts';
import { installHints } from './install-hints.ts';
import type { Kit } from './kit.ts';
import { withLock } from './lock.ts';
import { described, examine, look } from './look.ts';
import { packageManager, packagesOf } from './package-manager.ts';
import { fetchRelease, releaseAddresses } from './release.ts';
import type { SetupProgress } from './setup-progress.ts';
import type { Tool, ToolName, ToolOrigin } from './tool.ts';
import { forgetful } from './version-memory.ts';

type Found = Partial<Record<ToolName, Tool>>;

/** One way of bringing a kit. */
interface Way {
  from: ToolOrigin;
  /** A phrase that names it exactly. */
  how: string;
  /** Makes the kit be there. */
  go(say: (text: string) => void): Promise<void>;
}

/**
 * Brings a kit by the first way that works. Call it with the kit's lock held.
 * Throws LabError with what was found, what was tried, and what a person can do.
 */
export async function bring(
  kit: Kit,
  tools: readonly ToolName[],
  context: Context,
  onProgress: (progress: SetupProgress) => void,
): Promise<Found> {
  const say = (state: SetupProgress['state']) => (text: string) => onProgress({ kit: kit.name, state, text });
  const before = await look(kit, tools, context);
  // Another lab may have brought it while we waited for the lock.
  if (before.tools !== undefined) return before.tools;
  const tried: string[] = [];
  for (const way of ways(kit, tools, context)) {
    try {
      await way.go(say('working'));
      const after = await look(kit, tools, context);
      if (after.tools === undefined)
        throw new LabError(`it brought nothing that fits: ${after.problems.at(-1) ?? 'nothing on PATH'}`);
      const found = described(plain(after.tools), way.from, way.how);
      say('done')(`${kit.main} ${found[kit.main]?.version}: ${way.how}`);
      return found;
    } catch (error) {
      context.signal?.throwIfAborted();
      const details = error instanceof LabError ? error.details.map((line) => `    ${line}`) : [];
      say('failed')(`${way.from}: ${messageOf(error)}`);
      tried.push(`  tried ${way.how}: ${messageOf(error)}`, ...details);
    }
  }
  throw new LabError(`expected ${kit.main} ${rangeText(kit.range)}, got none, and could not bring it`, {
    details: [
      `${kit.name}:`,
      ...before.problems.map((problem) => `  found: ${problem}`),
      ...tried,
      ...installHints(kit, context).map((hint) => `  ${hint}`),
    ],
  });
}

function plain(found: Found): Partial<Record<ToolName, { path: string; version: string }>> {
  return Object.fromEntries(
    Object.entries(found).map(([name, { path, version }]) => [name, { path, version }]),
  );
}

/** The ways that exist for this kit on this machine, in the order in which they are tried. */
function ways(kit: Kit, tools: readonly ToolName[], context: Context): Way[] {
  const { release, go } = kit;
  // What is learnt of a file that is about to be renamed is not worth remembering.
  const unremembered = { ...context, versions: forgetful };
  const check = (main: string) => examine(kit, tools, main, unremembered);
  const list: Way[] = [];
  const manager = packageManager(context);
  const packages = packagesOf(kit, manager);
  if (manager !== undefined && packages !== undefined) {
    const lock = join(context.cache, 'locks', 'packages.lock');
    const install = () => manager.install(packages, kit.range);
    list.push({
      from: 'package manager',
      how: manager.command(packages),
      go: (say) => {
        say(manager.command(packages));
        return withLock(lock, install, { signal: context.signal });
      },
    });
  }
  if (release?.file(context.platform, context.arch) !== undefined) {
    const how = releaseAddresses(kit, release, context).url;
    const fill = (say: (text: string) => void) => (into: string, scratch: string) =>
      fetchRelease(kit, release, context, into, scratch, say);
    list.push({
      from: 'release',
      how,
      go: (say) => bringInto(filledKit(kit, context, how), context, fill(say), check),
    });
  }
  if (go !== undefined) {
    const how = `go install ${go.target}`;
    const fill = (say: (text: string) => void) => (into: string) => goInstall(kit, go, context, into, say);
    list.push({
      from: 'go install',
      how,
      go: (say) => bringInto(filledKit(kit, context, how), context, fill(say), check),
    });
  }
  return list;
}
