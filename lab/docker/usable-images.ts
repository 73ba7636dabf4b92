import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LabError, messageOf, UsageError } from '../common/errors.ts';
import { cacheDirectory } from '../tools/cache-directory.ts';
import { lastLines } from '../tools/run-command.ts';
import { type Daemon, useDaemon } from './daemon.ts';
import { type ImageRole, images } from './images.ts';
import { type ImageOptions, type ListedImage, listImages } from './list-images.ts';
import { labels } from './pack/archive.ts';
import { type RanOnce, runOnce } from './run-once.ts';

/** An image that is there, is for this processor, and holds the programs of its role. */
export interface UsableImage {
  role: ImageRole;
  reference: string;
  /** Of its content: `sha256:…`. */
  id: string;
  from: ListedImage['from'];
  /** What its main program says when it is asked for its version, the first line; empty when it is not asked. */
  says: string;
  /** The version in that, else in the image's own label, else "unknown". */
  version: string;
}

/**
 * The images of some roles, ready to be used: what is missing is pulled, and each is tried once, which the lab's cache
 * remembers. UsageError for an image that somebody named and that cannot be had; LabError with what to do for one that
 * cannot be had otherwise, is for another processor, or lacks a program of its role. `say` is told of what takes long.
 */
export async function usableImages(
  daemon: Daemon,
  roles: readonly ImageRole[],
  options: ImageOptions = {},
  say: (text: string) => void = () => {},
): Promise<UsableImage[]> {
  const listed = await listImages(daemon, options, roles);
  const missing = listed.filter(({ sizeBytes }) => sizeBytes === null);
  for (const image of missing) await pull(daemon, image, say);
  const memory = readMemory(options.environment);
  const usable = await Promise.all(listed.map((image) => examined(daemon, image, memory)));
  const known = Object.fromEntries(usable.map(({ role, id, says }) => [`${role} ${id}`, says]));
  writeMemory(options.environment, { ...memory, ...known });
  return usable;
}

/** What is true of an image for ever: asked once, and then remembered in the lab's cache, by the image's id. */
export async function remembered(
  key: string,
  ask: () => Promise<string>,
  environment?: NodeJS.ProcessEnv,
): Promise<string> {
  const known = readMemory(environment)[key];
  if (known !== undefined) return known;
  const said = await ask();
  writeMemory(environment, { ...readMemory(environment), [key]: said });
  return said;
}

async function pull(daemon: Daemon, image: ListedImage, say: (text: string) => void): Promise<void> {
  const { role, reference, from } = image;
  let why = 'such images are packed, never pulled';
  if (!reference.startsWith('failover-lab/')) {
    say(`pulling ${reference}`);
    try {
      // Loaded only here: it is large, and images are seldom missing. It knows the users' credentials.
      const { getContainerRuntimeClient, ImageName } = await import('testcontainers');
      useDaemon(daemon);
      await (await getContainerRuntimeClient()).image.pull(ImageName.fromString(reference));
      await daemon.docker.getImage(reference).inspect();
      return;
    } catch (error) {
      why = messageOf(error);
    }
  }
  const by = { option: ', which an option names', environment: `, which ${images[role].variable} names` };
  const named = from === 'option' || from === 'environment' ? by[from] : '';
  const details = [
    `pulling: ${why}`,
    `where a registry can be reached: docker pull ${reference}`,
    'where none can: lab images pack',
    `to use another: ${images[role].variable}=…`,
  ];
  const message = `expected the image ${reference}${named}, for ${images[role].purpose}, got none`;
  if (named !== '') throw new UsageError([message, ...details].join('\n  '));
  throw new LabError(message, { details });
}

async function examined(
  daemon: Daemon,
  { role, reference, from }: ListedImage,
  memory: Readonly<Record<string, string>>,
): Promise<UsableImage> {
  const { Id: id, Architecture: arch, Config } = await daemon.docker.getImage(reference).inspect();
  if (arch !== daemon.arch)
    throw new LabError(`expected an image for ${daemon.arch}, got one for ${arch}: ${reference}`, {
      details: [
        `Docker runs here on ${daemon.arch}; emulated, its times would tell nothing of Redis`,
        `docker pull --platform linux/${daemon.arch} ${reference}, or another by ${images[role].variable}`,
      ],
    });
  const says = memory[`${role} ${id}`] ?? (await tried(daemon, role, reference));
  const version = /(\d+\.\d+(?:\.\d+)?)/.exec(says)?.[1] ?? Config.Labels?.[labels.version] ?? 'unknown';
  return { role, reference, id, from, says, version };
}

/** Tries an image; what it says of its version. LabError when one of its programs is not in it or does not run. */
async function tried({ docker }: Daemon, role: ImageRole, image: string): Promise<string> {
  const said = await Promise.all(
    images[role].trials.map(async (command) => {
      const ran: RanOnce = await runOnce(docker, image, command).catch((error: unknown) => ({
        code: -1,
        output: messageOf(error),
      }));
      if (ran.code === 0) return ran.output;
      throw unfit(role, image, command[0] ?? '', ran.output);
    }),
  );
  return said[0]?.trim().split('\n')[0] ?? '';
}

function unfit(role: ImageRole, image: string, program: string, output: string): LabError {
  const hint = `another image for ${images[role].purpose}: ${images[role].variable}=…`;
  if (/executable file not found|no such file or directory|not found in \$PATH/.test(output))
    return new LabError(`expected an image with ${program}, got one without it: ${image}`, {
      details: [hint],
    });
  if (/exec format error/.test(output))
    return new LabError(
      `expected an image for this processor, got one whose ${program} it cannot run: ${image}`,
    );
  return new LabError(`expected ${program} of the image ${image} to say its version, got an error`, {
    details: [...lastLines(output), hint],
  });
}

/** By role and the image's id, which is a checksum of its content: what was found once is true for ever. */
function readMemory(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  try {
    return JSON.parse(readFileSync(memoryFile(environment), 'utf8')) as Record<string, string>;
  } catch {
    return {};
  }
}

function writeMemory(environment: NodeJS.ProcessEnv = process.env, known: Record<string, string>): void {
  const file = memoryFile(environment);
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(known, null, 2)}\n`);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // Without a cache that can be written images are tried again each time.
  }
}

const memoryFile = (environment: NodeJS.ProcessEnv) =>
  path.join(cacheDirectory(environment), 'what-images-say.json');
