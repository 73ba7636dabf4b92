import { join } from 'node:path';
import { LabError, messageOf, UsageError } from '../common/errors.ts';
import { contextOf } from './context.ts';
import { kitsFor } from './kits/kits.ts';
import { look } from './look.ts';
import type { SetupProgress } from './setup-progress.ts';
import type { Tool, ToolName, ToolOptions, Tools } from './tool.ts';

/**
 * Finds tools, and brings those that are missing, side by side: by the system's package manager, from the
 * project's release, by `go install`. Brought tools lie in the lab's cache, whole or not at all.
 * Throws UsageError for an explicit path with nothing to run at it, and LabError for tools that could not be
 * had, whose details say what was tried and what a person can do.
 */
export async function setupTools<N extends ToolName>(
  wanted: readonly N[],
  options: ToolOptions = {},
  onProgress: (progress: SetupProgress) => void = () => {},
): Promise<Tools<N>> {
  const context = contextOf(options);
  try {
    // First everything is looked for, so that a wrong explicit path is refused before anything is fetched.
    const looked = await allOf(
      kitsFor(wanted).map(async ({ kit, tools }) => ({
        kit,
        tools,
        found: (await look(kit, tools, context)).tools,
      })),
    );
    const kits = await allOf(
      looked.map(async ({ kit, tools, found }) => {
        if (found !== undefined) return found;
        // Loaded only here: when everything is there, which is nearly always, every millisecond is waited for.
        const [{ bring }, { withLock }] = await Promise.all([import('./bring.ts'), import('./lock.ts')]);
        const text = 'waiting for another lab that brings it';
        return withLock(
          join(context.cache, 'locks', `${kit.name}.lock`),
          () => bring(kit, tools, context, onProgress),
          { signal: context.signal, onWait: () => onProgress({ kit: kit.name, state: 'working', text }) },
        );
      }),
    );
    const found: Partial<Record<ToolName, Tool>> = Object.assign({}, ...kits);
    return Object.fromEntries(wanted.map((name) => [name, found[name]])) as Record<N, Tool>;
  } finally {
    context.versions.save();
  }
}

/** All results, or one error that tells of all failures; what still runs is waited for in either case. */
async function allOf<T>(parts: readonly Promise<T>[]): Promise<T[]> {
  const ends = await Promise.allSettled(parts);
  const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  if (failures.length > 0) throw combined(failures);
  return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
}

/** A wrong path is the user's to mend first; otherwise one error of several. */
function combined(failures: readonly unknown[]): unknown {
  const first = failures.find((failure) => failure instanceof UsageError) ?? failures[0];
  if (failures.length === 1 || !(first instanceof LabError)) return first;
  return new LabError(failures.map(messageOf).join('; '), {
    cause: first,
    details: failures.flatMap((failure) => (failure instanceof LabError ? failure.details : [])),
  });
}
