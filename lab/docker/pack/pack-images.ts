import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LabError, messageOf } from '../../common/errors.ts';
import { lastLines } from '../../tools/run-command.ts';
import type { Daemon } from '../daemon.ts';
import { images } from '../images.ts';
import { loadArchive } from '../load-archive.ts';
import { runOnce } from '../run-once.ts';
import { archiveOf, labels, type PreparedImage, prepared } from './archive.ts';
import type { Recipe } from './recipe.ts';

/** What became of one image. */
export interface PackedImage {
  name: string;
  /** Its further names. */
  also: readonly string[];
  version: string;
  source: string;
  state: 'packed' | 'there already' | 'written';
  /** The archive, where one was asked for. */
  file?: string;
}

/** Where packed images go: into a daemon, or as archives into a directory, to be carried elsewhere. */
export type PackTarget = { daemon: Daemon } | { output: string };

/**
 * Packs images, one after the other. One that the daemon has with the same content is left as it is; every new one is
 * tried: its program has to say its version from inside. LabError when that fails.
 */
export async function packImages(
  recipes: readonly Recipe[],
  arch: string,
  target: PackTarget,
  onPacked: (image: PackedImage) => void = () => {},
): Promise<PackedImage[]> {
  if ('daemon' in target && target.daemon.arch !== arch)
    throw new LabError(
      `expected a daemon for ${arch}, as this machine's programs are, got ${target.daemon.arch}`,
    );
  const done: PackedImage[] = [];
  for (const recipe of recipes) {
    const [name = '', ...also] = recipe.names;
    const result = { name, also, version: recipe.version, source: recipe.source };
    const image = prepared(recipe, arch);
    const outcome =
      'output' in target ? await write(image, target.output) : await place(image, recipe, target.daemon);
    done.push({ ...result, ...outcome });
    onPacked({ ...result, ...outcome });
  }
  return done;
}

type Outcome = Pick<PackedImage, 'state' | 'file'>;

async function write(image: PreparedImage, folder: string): Promise<Outcome> {
  const name = image.names[0]?.replace('failover-lab/', '').replace(':', '-');
  const file = path.join(folder, `${name}-${image.arch}.tar`);
  mkdirSync(folder, { recursive: true });
  await pipeline(await archiveOf(image), createWriteStream(file));
  return { state: 'written', file };
}

async function place(image: PreparedImage, recipe: Recipe, daemon: Daemon): Promise<Outcome> {
  if (await hasAll(daemon, image)) return { state: 'there already' };
  await loadArchive(daemon, await archiveOf(image), recipe.names[0] ?? '');
  await trial(daemon, recipe);
  return { state: 'packed' };
}

/** Whether each of the names leads to an image with this content. */
async function hasAll({ docker }: Daemon, { names, content }: PreparedImage): Promise<boolean> {
  const found = await Promise.all(
    names.map((name) =>
      docker
        .getImage(name)
        .inspect()
        .then((image) => image.Config.Labels?.[labels.content])
        .catch(() => undefined),
    ),
  );
  return found.every((sum) => sum === content);
}

async function trial({ docker }: Daemon, { role, names: [image = ''] }: Recipe): Promise<void> {
  for (const command of images[role].trials) {
    const { code, output } = await runOnce(docker, image, command).catch((error: unknown) => ({
      code: -1,
      output: messageOf(error),
    }));
    if (code === 0) continue;
    throw new LabError(
      `expected ${command.join(' ')} to run in the packed image ${image}, got code ${code}`,
      {
        details: lastLines(output),
      },
    );
  }
}
