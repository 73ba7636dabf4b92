import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { LabError, messageOf, UsageError } from '../common/errors.ts';
import { fits, rangeText } from '../common/version-number.ts';
import { broughtHow, kitDirectory } from './brought.ts';
import type { Context } from './context.ts';
import type { Binaries, Kit } from './kit.ts';
import { allOnPath, isExecutable } from './search-path.ts';
import type { Tool, ToolName, ToolOrigin } from './tool.ts';

/** What looking for a kit came to: its tools, or why each place was passed over. */
export interface Looked {
  tools: Partial<Record<ToolName, Tool>> | undefined;
  /** Expected, got and where, for each place that had something unfit; empty when there was nothing at all. */
  problems: readonly string[];
}

/**
 * Looks for a kit without bringing anything: the explicit path, then the lab's own packages, then PATH, then the lab's cache.
 * An explicit path is never passed over: throws UsageError when there is nothing to run at it, LabError when
 * what is there does not fit.
 */
export async function look(kit: Kit, tools: readonly ToolName[], context: Context): Promise<Looked> {
  const explicit = explicitPath(kit, context);
  if (explicit !== undefined) {
    const main = explicitBinary(kit, explicit.path, explicit.how);
    const found = await examine(kit, tools, main, context).catch((error: unknown) => {
      const details = error instanceof LabError ? error.details : [];
      throw new LabError(`${explicit.how}: ${messageOf(error)}`, { details, cause: error });
    });
    return { tools: described(found, explicit.from, explicit.how), problems: [] };
  }
  const problems: string[] = [];
  for (const { path, from, how } of places(kit, context)) {
    try {
      return { tools: described(await examine(kit, tools, path, context), from, how), problems };
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  return { tools: undefined, problems };
}

/** Checks the kit whose main binary is at `path`. Throws LabError: expected, got, where. */
export async function examine(
  kit: Kit,
  tools: readonly ToolName[],
  path: string,
  context: Context,
): Promise<Binaries> {
  const version = await context.versions.versionOf(kit.main, path, () => kit.version(path, context));
  if (!fits(version, kit.range))
    throw new LabError(`expected ${kit.main} ${rangeText(kit.range)}, got ${version} at ${path}`);
  const main = { path, version };
  const binaries = kit.complete ? await kit.complete(main, context) : { [kit.main]: main };
  const missing = tools.filter((tool) => binaries[tool] === undefined);
  if (missing.length === 0) return binaries;
  throw new LabError(
    `expected ${missing.join(', ')} (${rangeText(kit.range)}) beside ${path} or on PATH, got none`,
  );
}

function explicitPath(
  kit: Kit,
  context: Context,
): { path: string; from: ToolOrigin; how: string } | undefined {
  const option = context.paths[kit.name];
  if (option !== undefined && option !== '')
    return { path: option, from: 'option', how: `--${kit.name} ${option}` };
  const variable = context.environment[kit.variable];
  if (variable) return { path: variable, from: 'environment', how: `${kit.variable}=${variable}` };
  return undefined;
}

/** The main binary that a user's path means: the file itself, or the one in the directory. */
function explicitBinary(kit: Kit, given: string, how: string): string {
  const path = resolve(given);
  const expected = `${how}: expected a path of ${kit.main} or of a directory that holds it`;
  if (!existsSync(path)) throw new UsageError(`${expected}, got nothing at ${path}`);
  if (!statSync(path).isDirectory()) {
    if (isExecutable(path)) return path;
    throw new UsageError(`${expected}, got a file that cannot be executed at ${path}`);
  }
  const names = [kit.main, ...kit.aliases];
  const inside = ['.', ...kit.subdirectories].flatMap((sub) => names.map((name) => join(path, sub, name)));
  const binary = inside.find(isExecutable);
  if (binary !== undefined) return binary;
  throw new UsageError(`${expected}, got a directory without an executable ${names.join(' or ')} at ${path}`);
}

function* places(kit: Kit, context: Context): Generator<{ path: string; from: ToolOrigin; how: string }> {
  const packaged = kit.npm?.find(context);
  if (kit.npm !== undefined && packaged !== undefined && isExecutable(packaged))
    yield { path: packaged, from: 'npm', how: kit.npm.package(context.platform, context.arch) };
  for (const name of [kit.main, ...kit.aliases]) {
    for (const path of allOnPath(name, context.environment, kit.system ? context.systemDirectories : [])) {
      const how = dirname(path) + (name === kit.main ? '' : `, whose ${name} serves as ${kit.main}`);
      yield { path, from: 'PATH', how };
    }
  }
  const cached = join(kitDirectory(kit, context), kit.main);
  if (isExecutable(cached))
    yield { path: cached, from: 'cache', how: broughtHow(kitDirectory(kit, context)) };
}

/** The same binaries with a note of where they came from. */
export function described(
  binaries: Binaries,
  from: ToolOrigin,
  how: string,
): Partial<Record<ToolName, Tool>> {
  return Object.fromEntries(
    Object.entries(binaries).map(([name, binary]) => [name, { ...binary, from, how }]),
  );
}
