import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LabError, messageOf } from '../../common/errors.ts';
import { lastLines } from '../../tools/run-command.ts';
import type { Daemon } from '../daemon.ts';
import { runOnce } from '../run-once.ts';
import { labels, prepared, writeArchive } from './archive.ts';
import { loadArchive } from './load-archive.ts';
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
  const scratch = mkdtempSync(path.join(tmpdir(), 'failover-lab-pack-'));
  try {
    const done: PackedImage[] = [];
    for (const recipe of recipes) {
      const image = await packOne(recipe, arch, target, scratch);
      onPacked(image);
      done.push(image);
    }
    return done;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function packOne(
  recipe: Recipe,
  arch: string,
  target: PackTarget,
  scratch: string,
): Promise<PackedImage> {
  const image = prepared(recipe, arch);
  const [name = '', ...also] = recipe.names;
  const result = { name, also, version: recipe.version, source: recipe.source };
  const file = path.join(
    'output' in target ? target.output : scratch,
    `${name.replace('failover-lab/', '').replace(':', '-')}-${arch}.tar`,
  );
  if ('output' in target) {
    mkdirSync(target.output, { recursive: true });
    await writeArchive(recipe, image, arch, file, scratch);
    return { ...result, state: 'written', file };
  }
  const { daemon } = target;
  if (await hasAll(daemon, recipe, image.content)) return { ...result, state: 'there already' };
  await writeArchive(recipe, image, arch, file, scratch);
  await loadArchive(daemon, file);
  rmSync(file);
  await trial(daemon, name, recipe);
  return { ...result, state: 'packed' };
}

/** Whether each of the names leads to an image with this content. */
async function hasAll({ docker }: Daemon, recipe: Recipe, content: string): Promise<boolean> {
  const found = await Promise.all(
    recipe.names.map((name) =>
      docker
        .getImage(name)
        .inspect()
        .then((image) => image.Config.Labels?.[labels.content])
        .catch(() => undefined),
    ),
  );
  return found.every((sum) => sum === content);
}

async function trial({ docker }: Daemon, image: string, { trial }: Recipe): Promise<void> {
  if (trial.length === 0) return;
  const { code, output } = await runOnce(docker, image, trial).catch((error: unknown) => ({
    code: -1,
    output: messageOf(error),
  }));
  if (code === 0) return;
  throw new LabError(
    `expected ${trial.join(' ')} to run in the packed image ${image}, got exit code ${code}`,
    {
      details: lastLines(output),
    },
  );
}
