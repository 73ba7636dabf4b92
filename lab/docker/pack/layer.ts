import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, readFileSync, statSync } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import type { ImageEntry } from './image-entry.ts';

const EPOCH = new Date(0);

/**
 * Writes an image's file system as a layer, an uncompressed tar, and returns its SHA-256 in hexadecimal. The same
 * entries make the same bytes: everything is root's, and as old as can be.
 */
export async function writeLayer(entries: readonly ImageEntry[], file: string): Promise<string> {
  const tar = pack();
  const digest = createHash('sha256');
  const summed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      done(null, chunk);
    },
  });
  const written = pipeline(tar, summed, createWriteStream(file));
  const filled = (async () => {
    for (const entry of entries) await add(tar, entry);
    tar.finalize();
  })();
  await Promise.all([written, filled]);
  return digest.digest('hex');
}

async function add(tar: ReturnType<typeof pack>, entry: ImageEntry): Promise<void> {
  const common = { name: entry.path.slice(1), mtime: EPOCH, uid: 0, gid: 0 };
  if ('link' in entry)
    return void tar.entry({ ...common, type: 'symlink', linkname: entry.link, mode: 0o777 });
  if ('text' in entry) return void tar.entry({ ...common, mode: 0o644 }, entry.text);
  if ('directory' in entry)
    return void tar.entry({ ...common, type: 'directory', mode: entry.mode ?? 0o755 });
  const size = statSync(entry.from).size;
  await pipeline(createReadStream(entry.from), tar.entry({ ...common, mode: entry.mode ?? 0o644, size }));
}

/** A checksum of all that an image is to hold, without writing it: how it is known whether it must be packed again. */
export function contentSum(entries: readonly ImageEntry[], settings: unknown): string {
  const digest = createHash('sha256');
  for (const entry of entries) {
    digest.update(`${JSON.stringify({ ...entry, from: undefined })}\n`);
    if ('from' in entry) digest.update(fileSum(entry.from));
  }
  return digest.update(JSON.stringify(settings)).digest('hex');
}

/** A file's SHA-256 in hexadecimal. */
export function fileSum(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
