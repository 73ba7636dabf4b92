import { createReadStream, globSync, statSync } from 'node:fs';
import path from 'node:path';
import { LabError, UsageError } from '../common/errors.ts';
import { openDaemon } from '../docker/daemon.ts';
import { listImages } from '../docker/list-images.ts';
import { loadArchive } from '../docker/load-archive.ts';
import { allRecipes, packedArch } from '../docker/pack/all-recipes.ts';
import { type PackedImage, packImages } from '../docker/pack/pack-images.ts';
import { serverPath } from '../tools/servers/server-by-name.ts';
import type { SetupProgress } from '../tools/setup-progress.ts';
import type { Streams } from './setup.ts';
import { setupDisplay } from './setup-display.ts';

/** `lab images`: what every image is for, which one is used, and whether the daemon has it. Returns 0. */
export async function imagesCommand(options: { json?: boolean }, { stdout }: Streams): Promise<number> {
  const images = await listImages(await openDaemon());
  if (options.json) {
    stdout.write(`${JSON.stringify({ version: 1, images }, null, 2)}\n`);
    return 0;
  }
  for (const { role, purpose, reference, from, sizeBytes } of images) {
    const state = sizeBytes === null ? 'not there' : `${(sizeBytes / 1e6).toFixed(0)} MB`;
    stdout.write(
      `${role.padEnd(10)}${state.padStart(9)}  ${reference}  (${from})\n${' '.repeat(21)}${purpose}\n`,
    );
  }
  if (images.some(({ sizeBytes }) => sizeBytes === null))
    stdout.write('What is not there is pulled when a run needs it; without a registry: lab images pack\n');
  return 0;
}

export interface PackOptions {
  redis?: string[];
  output?: string;
  json?: boolean;
}

/** `lab images pack`: images of this machine's programs, into the daemon or as archives. Returns 0. */
export async function packCommand(options: PackOptions, { stdout, stderr }: Streams): Promise<number> {
  const arch = packedArch();
  const target =
    options.output === undefined ? { daemon: await openDaemon() } : { output: path.resolve(options.output) };
  const display = setupDisplay(stderr);
  const onProgress = (progress: SetupProgress) => display.show(progress);
  const onLeftOut = (text: string) => stderr.write(`${text}\n`);
  const recipes = await Promise.all((options.redis ?? []).map((each) => serverPath(each, {}, onProgress)))
    .then((redis) => allRecipes({ redis, onProgress, onLeftOut }))
    .finally(() => display.end());
  const show = options.json ? undefined : (image: PackedImage) => stdout.write(line(image));
  const images = await packImages(recipes, arch, target, show);
  if (options.json) stdout.write(`${JSON.stringify({ version: 1, images }, null, 2)}\n`);
  return 0;
}

function line({ name, also, version, source, state, file }: PackedImage): string {
  const names =
    also.length === 0 ? '' : `, also ${also.map((each) => each.replace('failover-lab/', '')).join(', ')}`;
  return `${state.padEnd(13)} ${file ?? name}  ${version} of ${source}${names}\n`;
}

/** `lab images load`: archives that `lab images pack --output` wrote, files or their directory. Returns 0. */
export async function loadCommand(given: readonly string[], { stdout }: Streams): Promise<number> {
  const files = given.flatMap((each) => archives(path.resolve(each)));
  const daemon = await openDaemon();
  for (const file of files)
    for (const name of await loadArchive(daemon, createReadStream(file), file))
      stdout.write(`loaded ${name}\n`);
  return 0;
}

function archives(place: string): string[] {
  const status = statSync(place, { throwIfNoEntry: false });
  if (status === undefined)
    throw new UsageError(`expected an archive or a directory of archives, got nothing at ${place}`);
  if (!status.isDirectory()) return [place];
  const found = globSync('*.tar', { cwd: place }).map((name) => path.join(place, name));
  if (found.length === 0) throw new LabError(`expected archives (*.tar) in ${place}, got none`);
  return found.sort();
}
