import { createHash } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { arranged, type ImageEntry } from './image-entry.ts';
import { contentSum, fileSum, layerOf, measured } from './layer.ts';
import type { Recipe } from './recipe.ts';

/** What a packed image says of itself. */
export const labels = {
  role: 'failover-lab.role',
  version: 'failover-lab.version',
  /** Where its main program came from, and its SHA-256. */
  source: 'failover-lab.source',
  program: 'failover-lab.program.sha256',
  /** A checksum of all that is in it. */
  content: 'failover-lab.content.sha256',
} as const;

/** An image that is ready to be made: its entries in order, and its configuration. */
export interface PreparedImage {
  names: readonly string[];
  entries: readonly ImageEntry[];
  /** A checksum of all that is in it. */
  content: string;
  arch: string;
  settings: object;
}

/** Arranges a recipe's entries, and adds the labels that tell of them. */
export function prepared(recipe: Recipe, arch: string): PreparedImage {
  const { role, version, source, entrypoint, command, environment, names, labels: more } = recipe;
  const entries = arranged(recipe.entries);
  // Not where it came from: the same program from elsewhere is the same image.
  const content = contentSum(entries, { role, version, entrypoint, command, environment, more, arch });
  const main = recipe.entries[0];
  const settings = {
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    Entrypoint: entrypoint ?? null,
    Cmd: command,
    Labels: {
      ...more,
      [labels.role]: role,
      [labels.version]: version,
      [labels.source]: source,
      [labels.program]: main !== undefined && 'from' in main ? fileSum(main.from) : '',
      [labels.content]: content,
    },
  };
  return { names, entries, content, arch, settings };
}

/**
 * An image as the archive that `docker load` and `podman load` read: its configuration, its one layer and its names.
 * Nothing is stored on the way; an error on the way is the stream's.
 */
export async function archiveOf({ names, entries, arch, settings }: PreparedImage): Promise<Readable> {
  const layer = await measured(entries);
  const created = '1970-01-01T00:00:00Z';
  const configuration = JSON.stringify({
    architecture: arch,
    os: 'linux',
    created,
    config: settings,
    rootfs: { type: 'layers', diff_ids: [`sha256:${layer.sum}`] },
    history: [{ created, created_by: 'lab images pack' }],
  });
  const name = `${createHash('sha256').update(configuration).digest('hex')}.json`;
  const file = `${layer.sum}/layer.tar`;
  const manifest = [{ Config: name, RepoTags: names, Layers: [file] }];
  const tar = pack();
  const common = { mtime: new Date(0), mode: 0o644 };
  tar.entry({ ...common, name }, configuration);
  tar.entry({ ...common, name: 'manifest.json' }, JSON.stringify(manifest));
  pipeline(layerOf(entries), tar.entry({ ...common, name: file, size: layer.size })).then(
    () => tar.finalize(),
    (error: Error) => tar.destroy(error),
  );
  const output = new PassThrough();
  pipeline(tar, output).catch((error: Error) => output.destroy(error));
  return output;
}
