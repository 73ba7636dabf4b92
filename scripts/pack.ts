/**
 * Makes the package that `npm pack` ships, and puts things back. Node runs no TypeScript inside node_modules, so a
 * package holds JavaScript in dist/; a clone runs its sources and needs no build.
 *
 *     node scripts/pack.ts before   builds dist/ and points package.json to it (npm's prepack)
 *     node scripts/pack.ts after    points package.json to the sources again (npm's postpack)
 *
 * Both may be run again at any time, so a pack that was interrupted is mended by either.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { $ } from 'zx';

const ROOT = path.dirname(import.meta.dirname);
const MANIFEST = path.join(ROOT, 'package.json');
const BIN = 'lab/cli/bin.mjs';

/** Entry points by their name in `exports`, as sources. */
const ENTRIES = { '.': 'lab/index', './vitest': 'lab/testing' } as const;

async function build(): Promise<void> {
  const dist = path.join(ROOT, 'dist');
  rmSync(dist, { recursive: true, force: true });
  await $({ cwd: ROOT, stdio: 'inherit' })`tsc -p tsconfig.build.json`;
  // Not TypeScript, because it has to start under whatever Node there is.
  cpSync(path.join(ROOT, BIN), path.join(dist, BIN));
}

function pointTo(what: 'sources' | 'dist'): void {
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Record<string, unknown>;
  manifest.bin = { lab: what === 'dist' ? `./dist/${BIN}` : `./${BIN}` };
  const exported = manifest.exports as Record<string, unknown>;
  for (const [name, file] of Object.entries(ENTRIES)) {
    exported[name] =
      what === 'dist' ? { types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` } : `./${file}.ts`;
  }
  writeFileSync(MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
}

const when = process.argv[2];
if (when === 'before') {
  await build();
  pointTo('dist');
} else if (when === 'after') pointTo('sources');
else {
  process.stderr.write(`error: expected "before" or "after", got ${JSON.stringify(when)}\n`);
  process.exitCode = 2;
}
