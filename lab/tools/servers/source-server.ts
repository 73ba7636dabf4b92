import { join } from 'node:path';
import { LabError } from '../../common/errors.ts';
import { type ServerProduct, serverTitles } from '../../common/server.ts';
import { compareVersions } from '../../common/version-number.ts';
import type { Context } from '../context.ts';
import { download, downloadText } from '../download.ts';
import { buildServer } from '../kits/redis.ts';
import { useProxy } from '../proxy.ts';
import { means, type ServerName } from './server-choice.ts';
import type { ServerWay } from './server-way.ts';

/** Each project's list of its releases with their SHA-256 sums, and the variable that names a mirror of it and of them. */
const lists: Readonly<Record<ServerProduct, { url: string; mirrorVariable: string }>> = {
  redis: {
    url: 'https://raw.githubusercontent.com/redis/redis-hashes/master/README',
    mirrorVariable: 'LAB_REDIS_MIRROR',
  },
  valkey: {
    url: 'https://raw.githubusercontent.com/valkey-io/valkey-hashes/main/README',
    mirrorVariable: 'LAB_VALKEY_MIRROR',
  },
};

interface SourceRelease {
  file: string;
  version: string;
  sha256: string;
  url: string;
}

/** A server built from the newest release's sources of the wanted version, checked against the project's list of sums. */
export async function sourceServer(wanted: ServerName, context: Context): Promise<ServerWay> {
  const { product, version } = wanted;
  const { url, mirrorVariable } = lists[product];
  const mirror = context.environment[mirrorVariable]?.replace(/\/+$/, '');
  const list = mirror ? `${mirror}/README` : url;
  useProxy(context.environment);
  const options = { connectTimeoutMs: context.connectTimeoutMs, signal: context.signal };
  const releases = releasesIn(await downloadText(list, options));
  const release = releases.filter((one) => means(version, one.version)).at(-1);
  if (release === undefined) {
    const last = releases.at(-1)?.version ?? 'none';
    return { absent: `the last release of ${serverTitles[product]} is ${last} (${list})` };
  }
  const from = mirror ? `${mirror}/${release.file}` : release.url;
  return {
    how: `${serverTitles[product]} ${release.version}, built from ${from}`,
    fill: async (into, scratch, say) => {
      say(`fetching ${from}`);
      const archive = join(scratch, release.file);
      const got = await download(from, archive, options);
      if (got !== release.sha256)
        throw new LabError(`${from}: expected SHA-256 ${release.sha256} (from ${list}), got ${got}`);
      await buildServer(product, archive, into, context, say);
    },
  };
}

/** The releases of a list with lines of `hash <file> sha256 <sum> <address>`, the oldest version first. */
export function releasesIn(list: string): SourceRelease[] {
  const line = /^hash ((?:redis-|valkey-)?(\d+\.\d+\.\d+)\.tar\.gz) sha256 ([0-9a-f]{64}) (\S+)/gm;
  return [...list.matchAll(line)]
    .map(([, file = '', version = '', sha256 = '', url = '']) => ({ file, version, sha256, url }))
    .sort((a, b) => compareVersions(a.version, b.version));
}
