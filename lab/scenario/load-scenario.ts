import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, UsageError } from '../common/errors.ts';
import type { LoadedScenario } from './catalogue.ts';
import { stackLine } from './stack-line.ts';
import { validateScenario } from './validate-scenario.ts';

const ENTRY = new URL(`../index${path.extname(import.meta.url)}`, import.meta.url).href;
let hooked = false;

/**
 * Loads a scenario's file and checks it. The file may lie anywhere: its import of `failover-lab` is this very lab.
 * UsageError says what is wrong and where.
 */
export async function loadScenario(file: string): Promise<LoadedScenario> {
  return { scenario: validateScenario(await importDefault(file), file), file };
}

/** What a file exports by default; its import of `failover-lab` is this very lab. UsageError where it cannot be loaded. */
export async function importDefault(file: string): Promise<unknown> {
  if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  resolveOwnName();
  try {
    const module: { default?: unknown } = await import(pathToFileURL(file).href);
    return module.default;
  } catch (error) {
    throw new UsageError(`${file}: cannot be loaded: ${messageOf(error)}${stackLine(error, file)}`, {
      cause: error,
    });
  }
}

/** Makes `failover-lab` mean this lab for modules that Node could not resolve it from. */
function resolveOwnName(): void {
  if (hooked) return;
  hooked = true;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'failover-lab' ? { url: ENTRY, shortCircuit: true } : next(specifier, context),
  });
}
