import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabError, UsageError } from '../../common/errors.ts';
import { type FakeMachine, fakeMachine, prints } from '../fake-machine.ts';
import { type ReleaseServer, releaseServer } from '../release-server.ts';
import { serverPath } from './server-by-name.ts';

let machine: FakeMachine;
let mirror: ReleaseServer | null = null;
beforeEach(() => {
  machine = fakeMachine();
  // Nobody out there is asked.
  for (const name of ['LAB_REDIS_MIRROR', 'LAB_VALKEY_MIRROR'])
    machine.environment[name] = 'http://127.0.0.1:3';
});
afterEach(async () => {
  await mirror?.close();
  mirror = null;
  machine.remove();
});

const valkey = (version: string) => `echo "Valkey server v=${version} sha=0"`;
const path = (given: string) => serverPath(given, machine.options);
const failure = (given: string): Promise<Error> =>
  path(given).then(
    (found) => {
      throw new Error(`expected a refusal, got ${found}`);
    },
    (error: Error) => error,
  );

describe('a server that is there', () => {
  it('is found by what it says of itself, the newest first', async () => {
    machine.program('redis-server', prints.redisServer('7.0.15'));
    const kept = join(machine.cache, 'servers', 'valkey-8');
    const older = machine.program('valkey-server', valkey('8.0.1'), kept);
    expect(await path('redis:7.0')).toBe(join(machine.bin, 'redis-server'));
    expect(await path('valkey:8')).toBe(older);
    const newer = machine.program('valkey-server', valkey('8.1.1'));
    expect(await path('valkey:8')).toBe(newer);
    expect(await path('valkey:8.0')).toBe(older);
  });

  it('is taken by its path as it is', async () => {
    expect(await path('/opt/somewhere')).toBe('/opt/somewhere');
  });

  it('is no image', async () => {
    expect(await failure('valkey/valkey:8')).toBeInstanceOf(UsageError);
  });
});

/** apt and dpkg-deb whose trixie has these tools, in one package that unpacks to what Debian's do. */
function debian(version: string): void {
  const keyring = join(machine.directory, 'keyring');
  writeFileSync(keyring, '');
  machine.environment.LAB_DEBIAN_KEYRING = keyring;
  machine.program('apt-config', 'echo \'Acquire::http::Proxy "http://proxy:3128";\'; echo \'Other "x";\'');
  machine.program(
    'apt-get',
    `echo "apt-get $* | $(sed -n 's/.*keyring] //p' "\${APT_CONFIG%apt.conf}sources.list" 2>/dev/null)" >> "$LOG"
    case "$*" in
    indextargets*) printf 'Ubuntu http://elsewhere/\\nDebian http://mirror/debian-security\\nDebian http://mirror/debian/\\n' ;;
    *--download-only*) touch "\${APT_CONFIG%apt.conf}archives/tools.deb" ;;
    esac`,
  );
  machine.program(
    'apt-cache',
    `case "$APT_CONFIG" in */trixie/*) echo "  Candidate: 5:${version}-3+deb13u2" ;; *) echo "  Candidate: (none)" ;; esac`,
  );
  machine.program('readlink', 'exec readlink "$@"');
  machine.program(
    'dpkg-deb',
    `mkdir -p "$3/usr/bin" "$3/usr/lib/x86_64-linux-gnu" "$3/usr/share/doc"
    for name in valkey-check-rdb valkey-cli; do echo "$name" > "$3/usr/bin/$name"; done
    echo data > "$3/usr/lib/x86_64-linux-gnu/libc.so.6"
    printf '#!/bin/sh\\n[ "$1" = --library-path ] && [ -f "$2/libc.so.6" ] && [ "$4" = valkey-server ] && echo "Valkey server v=${version} sha=0"\\n' > "$3/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
    chmod +x "$3/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"`,
  );
}

describe('Debian’s packages', () => {
  it('bring a server with its own loader and libraries, from the configured archive, for the next time too', async () => {
    debian('8.1.1');
    const brought = await path('valkey:8');
    expect(brought).toBe(join(machine.cache, 'servers', 'valkey-8', 'valkey-server'));
    expect(JSON.parse(readFileSync(join(brought, '..', 'brought.json'), 'utf8'))).toMatchObject({
      server: 'valkey:8',
      how: 'package valkey-tools 8.1.1 of Debian trixie, from http://mirror/debian/',
    });
    const calls = machine.log();
    expect(calls.filter((line) => line.includes('--download-only'))).toEqual([
      expect.stringMatching(
        /install -y --download-only valkey-tools \| http:\/\/mirror\/debian\/ trixie main$/,
      ),
    ]);
    expect(existsSync(join(machine.cache, 'apt'))).toBe(false);
    expect(existsSync(join(brought, '..', 'root', 'lib', 'libc.so.6'))).toBe(true);
    expect(await path('valkey:8')).toBe(brought);
    expect(machine.log()).toEqual(calls);
  });

  it('are asked by the proxy of the machine’s own apt, and with nothing else of it', async () => {
    debian('8.1.1');
    machine.program('apt-cache', 'cp "$APT_CONFIG" "$LOG.conf"; echo "  Candidate: (none)"');
    await failure('valkey:8');
    const settings = readFileSync(`${machine.environment.LOG}.conf`, 'utf8');
    expect(settings).toContain('Acquire::http::Proxy "http://proxy:3128";');
    expect(settings).not.toContain('Other');
    expect(settings).toContain('Dir::Etc::sourceparts "/dev/null";');
  });

  it('say which versions there are when the wanted one is not among them, and what is missing without apt', async () => {
    debian('8.1.1');
    const error = await failure('valkey:9');
    expect(error).toBeInstanceOf(LabError);
    expect(error.message).toBe('--redis valkey:9: none on this machine, and it could not be brought');
    expect((error as LabError).details.join('\n')).toMatch(
      /Debian’s releases have valkey-tools 8\.1\.1 in trixie for this architecture/,
    );
    machine.remove();
    machine = fakeMachine();
    machine.environment.LAB_VALKEY_MIRROR = 'http://127.0.0.1:3';
    expect(((await failure('valkey:9')) as LabError).details).toContain(
      'Debian’s packages need apt-get and dpkg-deb, and they are not there',
    );
  });
});

describe('a project’s own releases', () => {
  const archive = 'sources';
  const sum = createHash('sha256').update(archive).digest('hex');
  const listed = (version: string, hash = sum) =>
    `hash redis-${version}.tar.gz sha256 ${hash} http://nowhere/redis-${version}.tar.gz`;

  async function released(list: string): Promise<void> {
    mirror = await releaseServer({ README: list, 'redis-7.2.15.tar.gz': archive });
    machine.environment.LAB_REDIS_MIRROR = mirror.base;
    machine.program('cc', 'exit 0');
    machine.program('tar', 'mkdir -p "$4/redis-7.2.15/src"');
    machine.program(
      'make',
      `for name in redis-server redis-cli; do printf '#!/bin/sh\\necho Redis server v=7.2.15\\n' > "src/$name"; chmod +x "src/$name"; done`,
    );
  }

  it('are built, the newest that the name means, when their sum is right', async () => {
    await released([listed('7.2.9'), listed('7.2.15'), listed('7.4.0')].join('\n'));
    const brought = await path('redis:7.2');
    expect(brought).toBe(join(machine.cache, 'servers', 'redis-7.2', 'redis-server'));
    expect(mirror?.asked).toEqual(['README', 'redis-7.2.15.tar.gz']);
  });

  it('are refused when it is not, and nothing is left', async () => {
    await released(listed('7.2.15', '0'.repeat(64)));
    const error = (await failure('redis:7.2')) as LabError;
    expect(error.details.join('\n')).toMatch(/expected SHA-256 0{64} .*, got [0-9a-f]{64}/);
    expect(existsSync(join(machine.cache, 'servers', 'redis-7.2'))).toBe(false);
  });

  it('know what there is not', async () => {
    await released([listed('7.2.15'), listed('8.4.0')].join('\n'));
    const error = await failure('redis:99');
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toMatch(
      /^--redis redis:99: there is no such server: the last release of Redis is 8\.4\.0/,
    );
  });
});

it('a half-made directory is no server', async () => {
  mkdirSync(join(machine.cache, 'servers', 'redis-8'), { recursive: true });
  expect(await failure('redis:8')).toBeInstanceOf(LabError);
});
