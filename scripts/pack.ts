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
import { $, which } from 'zx';
import { COMPILER_OPTIONS } from '../lab/time/clock-library.ts';

const ROOT = path.dirname(import.meta.dirname);
const MANIFEST = path.join(ROOT, 'package.json');
const BIN = 'lab/cli/bin.mjs';
const CLOCK = 'lab/time';
const CLOCK_TARGETS = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

/** Entry points by their name in `exports`, as sources. */
const ENTRIES = { '.': 'lab/index', './vitest': 'lab/testing' } as const;

async function build(): Promise<void> {
  const dist = path.join(ROOT, 'dist');
  rmSync(dist, { recursive: true, force: true });
  await $({ cwd: ROOT, stdio: 'inherit' })`tsc -p tsconfig.build.json`;
  // Not TypeScript, because it has to start under whatever Node there is.
  cpSync(path.join(ROOT, BIN), path.join(dist, BIN));
  await buildClock(path.join(dist, CLOCK));
}

/**
 * The lab clock's source and what it is built to, so that a user needs no compiler: for each processor for which one is
 * here (Debian: gcc-x86-64-linux-gnu, gcc-aarch64-linux-gnu). For the others the source is built where it is used.
 */
async function buildClock(into: string): Promise<void> {
  cpSync(path.join(ROOT, CLOCK, 'lab-clock.c'), path.join(into, 'lab-clock.c'));
  for (const [arch, target] of Object.entries(CLOCK_TARGETS)) {
    const compilers = [`${target}-gcc`, ...(arch === process.arch ? ['cc'] : [])];
    const found = await Promise.all(compilers.map((each) => which(each, { nothrow: true })));
    const compiler = found.find((each) => each !== null);
    if (compiler === undefined) {
      process.stderr.write(
        `note: no C compiler for ${arch} (${target}-gcc): the package brings no lab clock for it\n`,
      );
      continue;
    }
    const library = path.join(into, `lab-clock-${arch}.so`);
    await $`${compiler} ${COMPILER_OPTIONS} -s -o ${library} ${path.join(into, 'lab-clock.c')}`;
  }
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
