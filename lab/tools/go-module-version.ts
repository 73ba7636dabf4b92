import { readFileSync } from 'node:fs';

/**
 * The version of a Go binary's main module, as Go's linker recorded it in the binary (what `go version -m`
 * prints on its `mod` line), without the `v`. Undefined when there is none, or for a build of a working copy.
 */
export function goModuleVersion(binary: string, module: string): string | undefined {
  const content = readFileSync(binary);
  const mark = Buffer.from(`\nmod\t${module}\t`);
  for (let at = content.indexOf(mark); at !== -1; at = content.indexOf(mark, at + 1)) {
    const rest = content.toString('latin1', at + mark.length, at + mark.length + 80);
    const version = /^v(\d+\.\d+\.\d+)\t/.exec(rest)?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}
