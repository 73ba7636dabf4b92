import { chmodSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepared } from './archive.ts';
import { readElf } from './elf.ts';
import { arranged } from './image-entry.ts';
import { measured } from './layer.ts';
import { programAt, programFiles } from './program-files.ts';
import type { Recipe } from './recipe.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'lab-pack-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

const linux = process.platform === 'linux' ? describe : describe.skip;

it('arranges entries below one /usr, each path once', () => {
  const paths = arranged([
    { path: '/lib/x/libc.so.6', from: '/the/first' },
    { path: '/usr/lib/x/libc.so.6', from: '/the/second' },
    { path: '/bin/sh', from: '/bin/sh' },
    { path: '/library', directory: true },
  ]);
  expect(paths).toContainEqual({ path: '/usr/lib/x/libc.so.6', from: '/the/first' });
  expect(paths.filter(({ path: file }) => file.endsWith('libc.so.6'))).toHaveLength(1);
  expect(paths).toContainEqual({ path: '/usr/bin/sh', from: '/bin/sh' });
  expect(paths).toContainEqual({ path: '/lib', link: 'usr/lib' });
  expect(paths).toContainEqual({ path: '/library', directory: true });
});

it('makes the same layer of the same entries', async () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, 'one');
  const entries = arranged([{ path: '/file', from: file }]);
  const first = await measured(entries);
  chmodSync(file, 0o700);
  expect(await measured(entries)).toEqual(first);
  writeFileSync(file, 'two');
  expect((await measured(entries)).sum).not.toBe(first.sum);
  // Empty directories, links and a file, each with a head of 512 bytes, and the end of the archive.
  expect(first.size % 512).toBe(0);
});

it('knows the content of an image by its files and how it is started, not by where they came from', () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, 'one');
  const recipe: Recipe = {
    role: 'net',
    names: ['failover-lab/net:test'],
    version: '1',
    source: file,
    entries: [{ path: '/file', from: file }],
    command: ['file'],
    environment: {},
  };
  const { content } = prepared(recipe, 'amd64');
  expect(prepared({ ...recipe, source: 'elsewhere' }, 'amd64').content).toBe(content);
  expect(prepared({ ...recipe, command: ['other'] }, 'amd64').content).not.toBe(content);
  expect(prepared(recipe, 'arm64').content).not.toBe(content);
  writeFileSync(file, 'two');
  expect(prepared(recipe, 'amd64').content).not.toBe(content);
});

linux('programs', () => {
  it('come with their interpreter and libraries, where these will be looked for', async () => {
    const elf = readElf(realpathSync('/bin/sh'));
    expect(elf?.arch).toBe(process.arch === 'x64' ? 'amd64' : 'arm64');
    const files = await programFiles('/bin/sh', '/bin/sh');
    expect(files.map(({ path: file }) => file)).toEqual(
      expect.arrayContaining(['/bin/sh', elf?.interpreter, expect.stringMatching(/libc\.so|libc\.musl/)]),
    );
  });

  it('are found behind a wrapper with a loader of its own, through links too', async () => {
    const interpreter = readElf(realpathSync('/bin/sh'))?.interpreter ?? '';
    symlinkSync(path.dirname(realpathSync(interpreter)), path.join(folder, 'lib'));
    const loader = path.join('lib', path.basename(realpathSync(interpreter)));
    const script = path.join(folder, 'starter');
    const line = `exec "$here/${loader}" --library-path "$here/lib" --argv0 "\${0##*/}" "/bin/sh" "$@"`;
    writeFileSync(script, `#!/bin/sh\nhere=$(readlink -f "$0")\n${line}\n`);
    symlinkSync(script, path.join(folder, 'link'));
    expect(programAt(path.join(folder, 'link'))).toEqual({
      file: realpathSync('/bin/sh'),
      loader: path.join(folder, loader),
      libraries: path.join(folder, 'lib'),
    });
    const files = await programFiles(path.join(folder, 'link'), '/usr/bin/sh');
    expect(files.map(({ path: file }) => path.dirname(file))).toEqual([
      '/usr/bin',
      path.dirname(interpreter),
      ...Array(files.length - 2).fill(expect.stringMatching(/^\/usr\/lib\/\w+-linux-gnu$/)),
    ]);
  });

  it('that are none are refused', async () => {
    const script = path.join(folder, 'script');
    writeFileSync(script, '#!/bin/sh\nexec redis-server "$@"\n');
    expect(() => programAt(script)).toThrow(/expected a Linux program or a script .*, got neither at/);
  });
});
