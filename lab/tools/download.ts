import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LabError, messageOf } from '../common/errors.ts';

export interface DownloadOptions {
  /** Milliseconds until the server must have begun to answer. */
  connectTimeoutMs: number;
  /** Milliseconds without a single byte after which it is given up. Default 15000. */
  stallTimeoutMs?: number;
  signal?: AbortSignal | undefined;
  /** Called with every chunk: bytes so far, and in all where the server says so. */
  onBytes?: (bytes: number, total: number | null) => void;
}

/** Downloads a file; returns its SHA-256 in hexadecimal. Throws LabError that names the address. */
export async function download(url: string, file: string, options: DownloadOptions): Promise<string> {
  return answered(url, options, async (response, alive) => {
    const total = Number(response.headers.get('content-length')) || null;
    const digest = createHash('sha256');
    let bytes = 0;
    const watch = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        alive();
        digest.update(chunk);
        bytes += chunk.length;
        options.onBytes?.(bytes, total);
        done(null, chunk);
      },
    });
    await pipeline(response.body ?? [], watch, createWriteStream(file));
    return digest.digest('hex');
  });
}

/** Downloads a short text. Throws LabError that names the address. */
export async function downloadText(url: string, options: DownloadOptions): Promise<string> {
  return answered(url, options, (response) => response.text());
}

/** Asks, and reads the answer under the two time limits. */
async function answered<T>(
  url: string,
  options: DownloadOptions,
  read: (response: Response, alive: () => void) => Promise<T>,
): Promise<T> {
  const given = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const giveUpAfter = (ms: number, why: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => given.abort(new LabError(`${why} for ${ms} ms`)), ms);
  };
  const stallMs = options.stallTimeoutMs ?? 15_000;
  const alive = () => giveUpAfter(stallMs, 'the server sent nothing');
  giveUpAfter(options.connectTimeoutMs, 'the server did not answer');
  const signal = options.signal ? AbortSignal.any([given.signal, options.signal]) : given.signal;
  try {
    const response = await fetch(url, { signal });
    alive();
    if (!response.ok) {
      await response.body?.cancel();
      throw new LabError(`the server answered ${response.status} ${response.statusText}`.trimEnd());
    }
    return await read(response, alive);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new LabError(`${url}: ${reason(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** fetch says only "fetch failed"; what failed is its cause. */
function reason(error: unknown): string {
  const cause = error instanceof TypeError ? error.cause : undefined;
  return messageOf(cause ?? error) || String(cause);
}
