import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabError } from '../common/errors.ts';
import { type FakeMachine, fakeMachine, prints } from './fake-machine.ts';
import { setupTools } from './setup-tools.ts';
import type { ToolOptions } from './tool.ts';

let machine: FakeMachine;
beforeEach(() => {
  machine = fakeMachine();
});
afterEach(() => machine.remove());

const wanted = ['redis-server', 'redis-sentinel', 'redis-cli'] as const;
const root = { uid: 0, mirrors: { redis: 'http://127.0.0.1:3' } };
const setup = (options: ToolOptions = root) => setupTools(wanted, { ...machine.options, ...options });
const detailsOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => 'no failure',
    (e: unknown) => e,
  );
  return error instanceof LabError ? error.details.join('\n') : String(error);
};

/** What a package manager puts into the fake machine when it installs redis-tools. */
function redisTools(): string {
  const script = (name: string, body: string) =>
    `cat > "$BIN/${name}" <<'END'\n#!/bin/sh\n${body}\nEND\nchmod +x "$BIN/${name}"`;
  return `${script('redis-check-rdb', prints.redisCheckRdb('7.0.15'))}\n${script('redis-cli', prints.redisCli('7.0.15'))}`;
}

/** apt on a machine whose lists name this candidate, before and after an update. */
function fakeApt(candidates: { before: string; after: string }, install = redisTools()): void {
  machine.program(
    'apt-cache',
    `[ -e "$BIN/updated" ] && c='${candidates.after}' || c='${candidates.before}'
    printf 'redis-tools:\\n  Installed: (none)\\n  Candidate: %s\\n' "$c"`,
  );
  machine.program(
    'apt-get',
    `for last in "$@"; do :; done
    echo "apt-get $DEBIAN_FRONTEND $last" >> "$LOG"
    case "$last" in
    update) touch "$BIN/updated" ;;
    redis-tools) ${install}
    ;;
    *) exit 9 ;;
    esac`,
  );
  machine.program('env', 'exec /usr/bin/env "$@"');
}

const fit = '5:7.0.15-1~deb12u10';

describe('apt', () => {
  it('brings redis-tools, which starts no service, and links the server in it', async () => {
    fakeApt({ before: fit, after: fit });
    const tools = await setup();
    expect(tools['redis-server']).toMatchObject({
      version: '7.0.15',
      from: 'package manager',
      how: 'apt-get install redis-tools',
    });
    expect(tools['redis-sentinel'].path).toMatch(/links\/.*\/redis-sentinel$/);
    expect(machine.log()).toEqual(['apt-get noninteractive redis-tools']);
    expect(await setup()).toMatchObject({ 'redis-server': { from: 'PATH' } });
  });

  it('fetches the lists first on a machine that has none yet', async () => {
    fakeApt({ before: '(none)', after: fit });
    await setup();
    expect(machine.log()).toEqual(['apt-get noninteractive update', 'apt-get noninteractive redis-tools']);
  });

  it('fetches the lists again when they are out of date', async () => {
    fakeApt({ before: fit, after: fit }, `[ -e "$BIN/updated" ] || exit 100\n${redisTools()}`);
    await setup();
    expect(machine.log().map((line) => line.split(' ').at(-1))).toEqual([
      'redis-tools',
      'update',
      'redis-tools',
    ]);
  });

  it('installs nothing when what it has is too old', async () => {
    fakeApt({ before: '5:6.0.16-1ubuntu1', after: '5:6.0.16-1ubuntu1' });
    expect(await detailsOf(setup())).toContain('expected redis-tools 7.0.0 or later, apt has 6.0.16');
    expect(machine.log()).toEqual([]);
  });

  it('is not used by an ordinary user without sudo, or with one that asks', async () => {
    fakeApt({ before: fit, after: fit });
    const user = { ...root, uid: 1000 };
    expect(await detailsOf(setup(user))).toContain('apt needs root, and there is no sudo');
    machine.program('sudo', 'echo "sudo: a password is required" >&2; exit 1');
    expect(await detailsOf(setup(user))).toContain('apt needs root, and sudo asks for a password');
    expect(machine.log()).toEqual([]);
  });

  it('is used through a sudo that asks nothing', async () => {
    fakeApt({ before: fit, after: fit });
    machine.program('sudo', `[ "$1" = -n ] || exit 1; shift; PATH="$BIN:$PATH"; exec "$@"`);
    expect(await setup({ ...root, uid: 1000 })).toMatchObject({
      'redis-server': { from: 'package manager' },
    });
    expect(machine.log()).toEqual(['apt-get noninteractive redis-tools']);
  });
});

it.each([
  ['dnf', 'install -y --setopt=install_weak_deps=False redis', 0],
  ['apk', 'add redis', 0],
  ['brew', 'install redis', 501],
])('%s brings the server by its own name', async (name, args, uid) => {
  machine.program(
    name,
    `echo "$*" >> "$LOG"
    printf '#!/bin/sh\\necho Redis server v=7.2.4\\n' > "$BIN/redis-server"
    printf '#!/bin/sh\\necho redis-cli 7.2.4\\n' > "$BIN/redis-cli"
    chmod +x "$BIN/redis-server" "$BIN/redis-cli"`,
  );
  const tools = await setup({ ...root, uid });
  expect(tools['redis-server']).toMatchObject({ version: '7.2.4', from: 'package manager' });
  expect(machine.log()).toEqual([args]);
});

it('does not run Homebrew as root', async () => {
  machine.program('brew', 'echo "$*" >> "$LOG"');
  expect(await detailsOf(setup())).toContain('Homebrew does not run as root');
  expect(machine.log()).toEqual([]);
});

it('says so when a package brought nothing that fits', async () => {
  machine.program(
    'apk',
    `printf '#!/bin/sh\\necho Redis server v=6.2.1\\n' > "$BIN/redis-server"; chmod +x "$BIN/redis-server"`,
  );
  expect(await detailsOf(setup())).toMatch(
    /tried apk add redis: it brought nothing that fits: expected redis-server 7.0.0 or later, got 6.2.1/,
  );
});
