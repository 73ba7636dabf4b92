import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { monotonicMs } from '../common/clock.ts';
import { LabError } from '../common/errors.ts';
import { type FakeMachine, fakeMachine, prints } from './fake-machine.ts';
import { type ReleaseServer, releaseServer } from './release-server.ts';
import { onPath } from './search-path.ts';
import { setupTools } from './setup-tools.ts';
import type { KitName, ToolName, ToolOptions } from './tool.ts';

let machine: FakeMachine;
let server: ReleaseServer | undefined;
beforeEach(() => {
  machine = fakeMachine();
  for (const name of ['tar', 'gzip']) symlinkSync(onPath(name, process.env) ?? '', join(machine.bin, name));
});
afterEach(async () => {
  machine.remove();
  await server?.close();
});

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
const binary = `#!/bin/sh\n${prints.toxiproxy('2.12.0')}\n`;
const file = 'toxiproxy-server-linux-amd64';

async function setup(
  files: Parameters<typeof releaseServer>[0],
  wanted: readonly ToolName[] = ['toxiproxy-server'],
  kit: KitName = 'toxiproxy',
  options: ToolOptions = {},
) {
  server = await releaseServer(files);
  return setupTools(wanted, { ...machine.options, mirrors: { [kit]: server.base }, ...options });
}

const detailsOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => 'no failure',
    (e: unknown) => e,
  );
  return error instanceof LabError ? error.details.join('\n') : String(error);
};

describe('a release', () => {
  it('is taken when its sum is the published one', async () => {
    const sums = `${'0'.repeat(64)}  toxiproxy-cli-linux-amd64\n${sha256(binary)}  ${file}\n`;
    const { 'toxiproxy-server': tool } = await setup({ 'checksums.txt': sums, [file]: binary });
    expect(tool).toMatchObject({ version: '2.12.0', from: 'release', how: `${server?.base}/${file}` });
    expect(readFileSync(tool.path, 'utf8')).toBe(binary);
    expect(server?.asked).toEqual(['checksums.txt', file]);
  });

  it('comes from the mirror that a variable names', async () => {
    server = await releaseServer({ 'checksums.txt': `${sha256(binary)} *${file}`, [file]: binary });
    const environment = { ...machine.environment, LAB_TOXIPROXY_MIRROR: `${server.base}/` };
    const tools = await setupTools(['toxiproxy-server'], { ...machine.options, environment });
    expect(tools['toxiproxy-server'].from).toBe('release');
  });

  it.each([
    [
      'another sum',
      { 'checksums.txt': `${'0'.repeat(64)}  ${file}`, [file]: binary },
      /expected SHA-256 0{64} .*, got/,
    ],
    [
      'no sum for the file',
      { 'checksums.txt': `${'0'.repeat(64)}  other`, [file]: binary },
      /expected a SHA-256 sum of/,
    ],
    ['no list of sums', { [file]: binary }, /checksums.txt: the server answered 404/],
    ['no file', { 'checksums.txt': `${sha256(binary)}  ${file}` }, /amd64: the server answered 404/],
  ])('is refused with %s, and nothing stays', async (_what, files, message) => {
    expect(await detailsOf(setup(files))).toMatch(message);
    expect(readdirSync(join(machine.cache, 'kits'))).toEqual([]);
    expect(readdirSync(join(machine.cache, 'tmp'))).toEqual([]);
  });

  it('does not wait for a server that does not answer', async () => {
    const began = monotonicMs();
    const work = setup({ 'checksums.txt': 'silent' }, undefined, undefined, { connectTimeoutMs: 100 });
    expect(await detailsOf(work)).toContain('the server did not answer for 100 ms');
    expect(monotonicMs() - began).toBeLessThan(15_000);
  });

  it('is left alone, for want of a build, on another processor', async () => {
    const work = setup({}, undefined, undefined, { arch: 'riscv64' });
    expect(await detailsOf(work)).not.toContain('tried http');
    expect(server?.asked).toEqual([]);
  });

  it('is followed by go install when it cannot be had', async () => {
    machine.program(
      'go',
      `[ "$1" = install ] || exit 0\nprintf '#!/bin/sh\\necho toxiproxy-server version 2.12.0\\n' > "$GOBIN/server"; chmod +x "$GOBIN/server"`,
    );
    const tools = await setup({ 'checksums.txt': `${'0'.repeat(64)}  ${file}`, [file]: binary });
    expect(tools['toxiproxy-server'].from).toBe('go install');
  });
});

/** An archive with these files under one top directory. */
function archive(top: string, files: Record<string, string>): Buffer {
  const directory = join(machine.directory, 'archive');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(directory, top, name, '..'), { recursive: true });
    writeFileSync(join(directory, top, name), content, { mode: 0o755 });
  }
  return execFileSync('tar', ['-czf', '-', '-C', directory, top]);
}

describe("k6's archive", () => {
  const name = 'k6-v1.8.1-linux-amd64.tar.gz';
  it('is unpacked', async () => {
    const content = archive('k6-v1.8.1-linux-amd64', { k6: `#!/bin/sh\n${prints.k6('1.8.1')}\n` });
    const files = { 'k6-v1.8.1-checksums.txt': `${sha256(content)}  ${name}`, [name]: content };
    expect(await setup(files, ['k6'], 'k6')).toMatchObject({ k6: { version: '1.8.1', from: 'release' } });
  });

  it('is refused when it is none, although its sum is right', async () => {
    const files = { 'k6-v1.8.1-checksums.txt': `${sha256('text')}  ${name}`, [name]: 'text' };
    expect(await detailsOf(setup(files, ['k6'], 'k6'))).toMatch(/tar .* ended with code/);
  });
});

describe("Redis's sources", () => {
  const name = 'redis-7.2.15.tar.gz';
  const wanted = ['redis-server', 'redis-sentinel', 'redis-cli'] as const;
  const files = () => {
    const content = archive('redis-7.2.15', {
      'src/server.sh': `#!/bin/sh\n${prints.redisServer('7.2.15')}\n`,
      'src/cli.sh': `#!/bin/sh\n${prints.redisCli('7.2.15')}\n`,
    });
    return { README: `hash ${name} sha256 ${sha256(content)} http://example.org/${name}\n`, [name]: content };
  };

  it('are built where there is a compiler', async () => {
    machine.program('cc', '');
    machine.program(
      'make',
      'echo "make $2 $3 $4 $5" >> "$LOG"; cd src; cp server.sh redis-server; cp cli.sh redis-cli',
    );
    const tools = await setup(files(), wanted, 'redis');
    expect(tools['redis-server']).toMatchObject({ version: '7.2.15', from: 'release' });
    expect(tools['redis-sentinel'].path).toBe(join(machine.cache, 'kits', 'redis-7.2.15', 'redis-sentinel'));
    expect(existsSync(tools['redis-sentinel'].path)).toBe(true);
    expect(tools['redis-cli'].path).toBe(join(machine.cache, 'kits', 'redis-7.2.15', 'redis-cli'));
    expect(machine.log()).toEqual(['make -C src redis-server redis-cli']);
  });

  it('are of no use without one', async () => {
    expect(await detailsOf(setup(files(), wanted, 'redis'))).toContain(
      'needs make, a C compiler (cc) and tar: make,cc missing',
    );
  });
});
