/** Something in an image's file system, by its absolute path there: a copied file, a link, a text or a directory. */
export type ImageEntry = { path: string } & (
  | { from: string; mode?: number }
  | { link: string }
  | { text: string }
  | { directory: true; mode?: number }
);

/** Links that every system with one /usr has: what is placed below the left is found below the right. */
const mergedUsr = ['bin', 'sbin', 'lib', 'lib32', 'lib64'];

/**
 * Entries as they go into a layer: below /usr where a system has links (`/lib/x` is `/usr/lib/x`), each path once (the
 * first that asked for it has it), in the order of their paths, so that the same content is the same layer.
 */
export function arranged(entries: readonly ImageEntry[]): ImageEntry[] {
  const links = mergedUsr.flatMap((name): ImageEntry[] => [
    { path: `/usr/${name}`, directory: true },
    { path: `/${name}`, link: `usr/${name}` },
  ]);
  const byPath = new Map<string, ImageEntry>();
  for (const entry of [...links, ...entries.map((each) => ({ ...each, path: belowUsr(each.path) }))])
    if (!byPath.has(entry.path)) byPath.set(entry.path, entry);
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function belowUsr(path: string): string {
  const top = path.split('/')[1] ?? '';
  return mergedUsr.includes(top) && path !== `/${top}` ? `/usr${path}` : path;
}
