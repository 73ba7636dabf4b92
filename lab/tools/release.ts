import { join } from 'node:path';
import { LabError } from '../common/errors.ts';
import { publishedSha256 } from './checksums.ts';
import type { Context } from './context.ts';
import { download, downloadText } from './download.ts';
import type { Kit, Release } from './kit.ts';
import { useProxy } from './proxy.ts';

/** Where a kit's release will be fetched from: its file and its list of sums. */
export function releaseAddresses(
  kit: Kit,
  release: Release,
  context: Context,
): { file: string; url: string; sums: string } {
  const file = release.file(context.platform, context.arch);
  if (file === undefined)
    throw new LabError(`expected a release for ${context.platform} ${context.arch}, got none published`);
  const mirror = context.mirrors[kit.name] ?? context.environment[release.mirrorVariable];
  const base = (mirror || release.base).replace(/\/+$/, '');
  return {
    file,
    url: `${base}/${file}`,
    sums: mirror ? `${base}/${release.sums.file}` : (release.sums.url ?? `${base}/${release.sums.file}`),
  };
}

/**
 * Fetches a release, checks it against its published sum and places its binaries in `into`.
 * Throws LabError when a server does not answer, has no such file or no sum for it, or the sum differs.
 */
export async function fetchRelease(
  kit: Kit,
  release: Release,
  context: Context,
  into: string,
  scratch: string,
  say: (text: string) => void,
): Promise<void> {
  const { file, url, sums } = releaseAddresses(kit, release, context);
  useProxy(context.environment);
  const options = { connectTimeoutMs: context.connectTimeoutMs, signal: context.signal };
  say(`fetching ${sums}`);
  const expected = publishedSha256(await downloadText(sums, options), file);
  if (expected === undefined) throw new LabError(`expected a SHA-256 sum of ${file} in ${sums}, got none`);
  const archive = join(scratch, file);
  say(`fetching ${url}`);
  const onBytes = (bytes: number, total: number | null) => {
    const of = total === null ? '' : ` of ${(total / 1e6).toFixed(1)}`;
    say(`fetching ${url}: ${(bytes / 1e6).toFixed(1)}${of} MB`);
  };
  const got = await download(url, archive, { ...options, onBytes });
  if (got !== expected) throw new LabError(`${url}: expected SHA-256 ${expected} (from ${sums}), got ${got}`);
  say(`unpacking ${file}`);
  await release.place(archive, into, context, say);
}
