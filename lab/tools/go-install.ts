import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../common/errors.ts';
import type { Context } from './context.ts';
import type { GoModule, Kit } from './kit.ts';
import { runCommand } from './run-command.ts';
import { onPath } from './search-path.ts';

/**
 * Builds a kit's pinned version with the Go compiler on PATH and places its binary in `into`.
 * Throws LabError when there is no compiler, the module cannot be had, or the build fails.
 */
export async function goInstall(
  kit: Kit,
  module: GoModule,
  context: Context,
  into: string,
  say: (text: string) => void,
): Promise<void> {
  const go = onPath('go', context.environment);
  if (go === undefined) throw new LabError('expected the Go compiler on PATH, got none');
  const options = {
    // Settings of somebody's own project (-mod=vendor, another processor) make no sense outside of it.
    environment: { ...context.environment, GOFLAGS: '', GOOS: '', GOARCH: '', GOBIN: into },
    directory: into,
    signal: context.signal,
    diesWithUs: true,
  };
  say(`asking for ${module.module}`);
  // go itself waits half a minute for a server that does not answer.
  await runCommand(go, ['list', '-m', module.module], { ...options, timeoutMs: 10_000 });
  say(`go install ${module.target}`);
  await runCommand(go, ['install', module.target], options);
  if (module.builtAs !== kit.main) renameSync(join(into, module.builtAs), join(into, kit.main));
}
