/**
 * Bundles the pages' browser code, that of reports and that of live pages, into files that are part of the repository:
 * making a page needs no build. Run it after each change there; a test tells when it was forgotten.
 *
 *     node scripts/bundle-client.ts
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';

const ROOT = path.dirname(import.meta.dirname);

/** Folders of browser code, and where the bundle of each stands. */
export const BUNDLES = [
  { folder: 'reports/html/client/', file: path.join(ROOT, 'reports/html/client.bundle.ts') },
  { folder: 'reports/live/client/', file: path.join(ROOT, 'reports/live/live.bundle.ts') },
] as const;

/** The source of a folder's bundle, with the licences of the libraries that are in it. */
export async function bundleClient(folder: string): Promise<string> {
  const bundle = await rolldown({
    input: path.join(ROOT, folder, 'main.ts'),
    onLog: (_, log) => {
      throw new Error(`expected to bundle ${folder}, got: ${log.message}`);
    },
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true, comments: false });
  await bundle.close();
  const [chunk] = output;
  const code = [...licences(Object.keys(chunk.modules)), chunk.code].join('\n');
  return `/** Made by scripts/bundle-client.ts from ${folder}. */\nexport const script = ${JSON.stringify(code)};\n`;
}

/** A comment for each package that the modules come from, with its licence. */
function licences(modules: readonly string[]): string[] {
  const folders = new Set(
    modules.flatMap((file) => file.match(/^.*\/node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? []),
  );
  return [...folders].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt']
      .map((each) => path.join(folder, each))
      .find(existsSync);
    if (file === undefined) throw new Error(`expected a LICENSE file in the package ${name}, got none`);
    return `/*! ${name} ${version}\n${readFileSync(file, 'utf8').trim()}\n*/`;
  });
}

if (import.meta.main) for (const { folder, file } of BUNDLES) writeFileSync(file, await bundleClient(folder));
