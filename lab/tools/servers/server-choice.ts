import { existsSync } from 'node:fs';
import { UsageError } from '../../common/errors.ts';
import { type ServerProduct, serverTitles } from '../../common/server.ts';
import { compareVersions } from '../../common/version-number.ts';

/** A server by its name: `redis:7.2` is any 7.2, `valkey:8` any 8. */
export interface ServerName {
  product: ServerProduct;
  /** One to three numbers. */
  version: string;
}

/** What somebody means by `--redis`. */
export type ServerChoice =
  | ({ kind: 'name' } & ServerName)
  /** A binary, or the directory that holds it. */
  | { kind: 'path'; path: string }
  /** `registry/name:tag`, `name@sha256:…`: of use to containers alone. */
  | { kind: 'image'; image: string };

const EXAMPLES = 'as redis:7.2, redis:8, valkey:8 or valkey:9';

/**
 * What a text given as `--redis` means. What lies on disk under it comes first. UsageError for a name without a version, and
 * for a version that is too old for the lab.
 */
export function serverChoice(given: string): ServerChoice {
  if (/^[./~]/.test(given) || existsSync(given)) return { kind: 'path', path: given };
  const [, product, version] = /^(redis|valkey):(\d+(?:\.\d+){0,2})$/.exec(given) ?? [];
  if (product !== undefined && version !== undefined) {
    const name = { product: product as ServerProduct, version };
    if (product === 'redis' && compareVersions(highest(version), '7.0.0') < 0)
      throw new UsageError(`--redis ${given}: expected ${serverTitles.redis} 7.0 or later, got ${version}`);
    return { kind: 'name', ...name };
  }
  if (/^(redis|valkey):?$/.test(given))
    throw new UsageError(`--redis ${given}: expected a version behind the name, ${EXAMPLES}`);
  if (/[:@]/.test(given)) return { kind: 'image', image: given };
  return { kind: 'path', path: given };
}

/** `redis:7.2`. */
export function nameText({ product, version }: ServerName): string {
  return `${product}:${version}`;
}

/** Whether a version is one that a name means: `8` means 8.0.2 and 8.2.0, `8.0` only the first. */
export function means(wanted: string, version: string): boolean {
  const parts = version.split('.');
  return wanted.split('.').every((part, i) => part === parts[i]);
}

/** The refusal of an image where servers run as plain processes. */
export function refusedImage(image: string): UsageError {
  return new UsageError(
    `--redis ${image}: expected a path, or a name with a version ${EXAMPLES}, got what looks like an image, which only containers run`,
  );
}

/** The last version that a name may mean. */
function highest(version: string): string {
  return [...version.split('.'), '999', '999'].slice(0, 3).join('.');
}
