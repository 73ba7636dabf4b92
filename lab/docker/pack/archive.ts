import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { arranged } from './image-entry.ts';
import { contentSum, fileSum, writeLayer } from './layer.ts';
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

/** The recipe's entries in order, with the checksum of all that makes the image. */
export function prepared(recipe: Recipe, arch: string) {
  const entries = arranged(recipe.entries);
  const { role, version, source, entrypoint, command, environment } = recipe;
  // Not where it came from: the same program from elsewhere is the same image.
  const content = contentSum(entries, { role, version, entrypoint, command, environment, arch });
  const main = recipe.entries[0];
  const program = main !== undefined && 'from' in main ? fileSum(main.from) : '';
  return {
    entries,
    labels: {
      [labels.role]: role,
      [labels.version]: version,
      [labels.source]: source,
      [labels.program]: program,
      [labels.content]: content,
    },
    content,
  };
}

/**
 * Writes an image as the archive that `docker load` and `podman load` read: its one layer, its configuration and its
 * names. `scratch` is a directory for the layer meanwhile.
 */
export async function writeArchive(
  recipe: Recipe,
  image: ReturnType<typeof prepared>,
  arch: string,
  file: string,
  scratch: string,
): Promise<void> {
  const layer = path.join(scratch, `${path.basename(file)}.layer`);
  const sum = await writeLayer(image.entries, layer);
  const created = '1970-01-01T00:00:00Z';
  const configuration = JSON.stringify({
    architecture: arch,
    os: 'linux',
    created,
    config: {
      Env: Object.entries(recipe.environment).map(([name, value]) => `${name}=${value}`),
      Entrypoint: recipe.entrypoint ?? null,
      Cmd: recipe.command,
      Labels: image.labels,
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${sum}`] },
    history: [{ created, created_by: 'lab images pack' }],
  });
  const name = `${createHash('sha256').update(configuration).digest('hex')}.json`;
  const manifest = [{ Config: name, RepoTags: recipe.names, Layers: [`${sum}/layer.tar`] }];
  const tar = pack();
  const written = pipeline(tar, createWriteStream(file));
  const common = { mtime: new Date(0), mode: 0o644 };
  tar.entry({ ...common, name }, configuration);
  tar.entry({ ...common, name: 'manifest.json' }, JSON.stringify(manifest));
  await pipeline(
    createReadStream(layer),
    tar.entry({ ...common, name: `${sum}/layer.tar`, size: statSync(layer).size }),
  );
  tar.finalize();
  await written;
}
