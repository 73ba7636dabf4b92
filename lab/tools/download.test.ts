import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { monotonicMs } from '../common/clock.ts';
import { download, downloadText } from './download.ts';
import { type ReleaseServer, releaseServer } from './release-server.ts';

let server: ReleaseServer;
let directory: string;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'lab-download-'));
  server = await releaseServer({ file: 'abc', stalled: 'stalled', silent: 'silent' });
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

const limits = { connectTimeoutMs: 30_000 };

it('writes the file and returns its SHA-256', async () => {
  const seen: (number | null)[] = [];
  const file = join(directory, 'file');
  const onBytes = (bytes: number, total: number | null) => seen.push(bytes, total);
  // The sum of "abc" is the example in FIPS 180-2.
  expect(await download(`${server.base}/file`, file, { ...limits, onBytes })).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  expect(readFileSync(file, 'utf8')).toBe('abc');
  expect(seen).toEqual([3, 3]);
});

it('gives up a download that has come to a stop', async () => {
  const work = download(`${server.base}/stalled`, join(directory, 'file'), {
    ...limits,
    stallTimeoutMs: 100,
  });
  await expect(work).rejects.toThrow(/stalled: the server sent nothing for 100 ms/);
});

it('gives up a server that does not answer', async () => {
  const work = downloadText(`${server.base}/silent`, { connectTimeoutMs: 100 });
  await expect(work).rejects.toThrow(/silent: the server did not answer for 100 ms/);
});

it('says at once that a server is not there', async () => {
  const began = monotonicMs();
  await expect(downloadText('http://127.0.0.1:3/x', limits)).rejects.toThrow(/ECONNREFUSED/);
  expect(monotonicMs() - began).toBeLessThan(15_000);
});

it('ends with the reason of whoever ends it', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('Ctrl-C')), 50);
  await expect(downloadText(`${server.base}/silent`, { ...limits, signal: stop.signal })).rejects.toThrow(
    'Ctrl-C',
  );
});
