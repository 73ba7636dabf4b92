import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import type { ImageEntry } from './image-entry.ts';

const EPOCH = new Date(0);

/**
 * An image's file system as a layer, an uncompressed tar. The same entries make the same bytes: everything is root's,
 * and as old as can be.
 */
export function layerOf(entries: readonly ImageEntry[]): Pack {
  const tar = pack();
  const fill = async () => {
    for (const entry of entries) await add(tar, entry);
    tar.finalize();
  };
  fill().catch((error: Error) => tar.destroy(error));
  return tar;
}

async function add(tar: Pack, entry: ImageEntry): Promise<void> {
  const common = { name: entry.path.slice(1), mtime: EPOCH, uid: 0, gid: 0 };
  if ('link' in entry)
    return void tar.entry({ ...common, type: 'symlink', linkname: entry.link, mode: 0o777 });
  if ('text' in entry) return void tar.entry({ ...common, mode: 0o644 }, entry.text);
  if ('directory' in entry)
    return void tar.entry({ ...common, type: 'directory', mode: entry.mode ?? 0o755 });
  const size = statSync(entry.from).size;
  await pipeline(createReadStream(entry.from), tar.entry({ ...common, mode: entry.mode ?? 0o644, size }));
}

/** A layer's SHA-256 in hexadecimal, and its size in bytes: both stand before it in an archive, so it is made twice. */
export async function measured(entries: readonly ImageEntry[]): Promise<{ sum: string; size: number }> {
  const digest = createHash('sha256');
  let size = 0;
  for await (const chunk of layerOf(entries) as AsyncIterable<Buffer>) {
    digest.update(chunk);
    size += chunk.length;
  }
  return { sum: digest.digest('hex'), size };
}

/** A checksum of all that an image is to hold, without making it: how it is known whether it must be packed again. */
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
