import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabError, UsageError } from '../common/errors.ts';
import { type FakeMachine, fakeMachine, prints } from './fake-machine.ts';
import type { SetupProgress } from './setup-progress.ts';
import { setupTools } from './setup-tools.ts';
import type { ToolOptions } from './tool.ts';

let machine: FakeMachine;
let said: SetupProgress[];
beforeEach(() => {
  machine = fakeMachine();
  said = [];
});
afterEach(() => machine.remove());

const setup = (options: ToolOptions = {}) =>
  setupTools(['toxiproxy-server'], { ...machine.options, ...options }, (progress) => said.push(progress));
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  );
const detailsOf = (error: unknown) => (error instanceof LabError ? error.details.join('\n') : String(error));

/** A Go compiler that "builds" Toxiproxy. No release server is reachable unless a test makes one. */
const unreachable = { mirrors: { toxiproxy: 'http://127.0.0.1:3' } };
function fakeGo(
  install = `printf '#!/bin/sh\\necho toxiproxy-server version 2.12.0\\n' > "$GOBIN/server"`,
): void {
  machine.program(
    'go',
    `echo "go $*" >> "$LOG"\ncase "$1" in install) ${install}\nchmod +x "$GOBIN"/* ;; esac`,
  );
}

it('says and changes nothing when everything is there', async () => {
  fakeGo();
  machine.program('toxiproxy-server', prints.toxiproxy('2.12.0'));
  expect(await setup()).toMatchObject({ 'toxiproxy-server': { from: 'PATH', version: '2.12.0' } });
  expect(said).toEqual([]);
  expect(machine.log()).toEqual([]);
});

it('refuses a wrong explicit path before it brings anything', async () => {
  fakeGo();
  const options = { ...machine.options, ...unreachable, paths: { k6: '/nowhere/k6' } };
  expect(await failureOf(setupTools(['toxiproxy-server', 'k6'], options))).toBeInstanceOf(UsageError);
  expect(machine.log()).toEqual([]);
});

describe('go install', () => {
  it('builds the pinned version into the cache, under its own name, and finds it there the next time', async () => {
    fakeGo();
    const { 'toxiproxy-server': tool } = await setup(unreachable);
    expect(tool).toMatchObject({
      path: join(machine.cache, 'kits', 'toxiproxy-2.12.0', 'toxiproxy-server'),
      version: '2.12.0',
      from: 'go install',
    });
    expect(machine.log()).toEqual([
      'go list -m github.com/Shopify/toxiproxy/v2@v2.12.0',
      'go install github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0',
    ]);
    expect(said.map(({ state }) => state)).toEqual(['working', 'failed', 'working', 'working', 'done']);
    expect(readdirSync(join(machine.cache, 'tmp'))).toEqual([]);
    expect(await setup(unreachable)).toMatchObject({
      'toxiproxy-server': { from: 'cache', how: `brought by ${tool.how}` },
    });
    expect(machine.log()).toHaveLength(2);
  });

  it('leaves nothing behind when it fails, and tells what was tried and what a person can do', async () => {
    fakeGo('echo "no required module provides package" >&2; exit 1 ;');
    machine.program('toxiproxy-server', prints.toxiproxy('2.9.0'));
    const error = await failureOf(setup(unreachable));
    expect(error).toBeInstanceOf(LabError);
    expect(String(error)).toContain('expected toxiproxy-server 2.12.0 or later but below 3.0.0, got none');
    const details = detailsOf(error);
    expect(details).toContain('found: expected toxiproxy-server 2.12.0 or later but below 3.0.0, got 2.9.0');
    expect(details).toMatch(/tried http:\/\/127\.0\.0\.1:3\/toxiproxy-server-linux-amd64: .*ECONNREFUSED/);
    expect(details).toContain('no required module provides package');
    expect(details).toContain('with Go: go install');
    expect(readdirSync(join(machine.cache, 'kits'))).toEqual([]);
    expect(readdirSync(join(machine.cache, 'tmp'))).toEqual([]);
  });

  it('does not keep a binary that does not fit', async () => {
    fakeGo(`printf '#!/bin/sh\\necho toxiproxy-server version 1.0.0\\n' > "$GOBIN/server"`);
    expect(detailsOf(await failureOf(setup(unreachable)))).toContain('got 1.0.0');
    expect(readdirSync(join(machine.cache, 'kits'))).toEqual([]);
  });

  it('replaces a binary in the cache that does not run', async () => {
    fakeGo();
    machine.program('toxiproxy-server', 'exit 1', join(machine.cache, 'kits', 'toxiproxy-2.12.0'));
    expect(await setup(unreachable)).toMatchObject({ 'toxiproxy-server': { from: 'go install' } });
  });

  it('builds once when two labs set up at the same time', async () => {
    fakeGo(`sleep 1; printf '#!/bin/sh\\necho toxiproxy-server version 2.12.0\\n' > "$GOBIN/server"`);
    const tools = await Promise.all([setup(unreachable), setup(unreachable), setup(unreachable)]);
    expect(tools.map((found) => found['toxiproxy-server'].from).sort()).toEqual([
      'cache',
      'cache',
      'go install',
    ]);
    expect(machine.log().filter((line) => line.startsWith('go install'))).toHaveLength(1);
    expect(said.some(({ text }) => text.startsWith('waiting for another lab'))).toBe(true);
  });

  it('works on several kits side by side', async () => {
    // Each of the two builds ends only when the other has begun.
    machine.program(
      'go',
      `[ "$1" = install ] || exit 0
      case "$2" in
      *toxiproxy*) me=t other=k; printf '#!/bin/sh\\necho toxiproxy-server version 2.12.0\\n' > "$GOBIN/server" ;;
      *) me=k other=t; printf '#!/bin/sh\\necho k6 v1.8.1\\n' > "$GOBIN/k6" ;;
      esac
      chmod +x "$GOBIN"/*
      touch "$BIN/$me"
      i=0
      while [ ! -e "$BIN/$other" ]; do
        i=$((i + 1))
        [ $i -gt 200 ] && exit 1
        sleep 0.1
      done`,
    );
    const mirrors = { toxiproxy: 'http://127.0.0.1:3', k6: 'http://127.0.0.1:3' };
    const tools = await setupTools(['toxiproxy-server', 'k6'], { ...machine.options, mirrors });
    expect(tools).toMatchObject({ 'toxiproxy-server': { from: 'go install' }, k6: { from: 'go install' } });
  });

  it('ends when it is told to', async () => {
    fakeGo('exec sleep 20 ;');
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stopped')), 300);
    expect(String(await failureOf(setup({ ...unreachable, signal: stop.signal })))).toBe('Error: stopped');
    expect(existsSync(join(machine.cache, 'kits', 'toxiproxy-2.12.0'))).toBe(false);
  });
});

describe('what a person can do', () => {
  const hintsOn = async (options: ToolOptions) =>
    detailsOf(await failureOf(setupTools(['iptables', 'redis-server'], { ...machine.options, ...options })));

  it('is told for every Linux when the system has no package manager that the lab knows', async () => {
    const hints = await hintsOn({ mirrors: { redis: 'http://127.0.0.1:3' } });
    expect(hints).toContain('Debian, Ubuntu: apt-get install redis-tools');
    expect(hints).toContain('Fedora, RHEL: dnf install iptables-nft');
    expect(hints).toContain('Alpine: apk add redis');
    expect(hints).not.toContain('brew');
  });

  it('is told for macOS there', async () => {
    const hints = await hintsOn({ platform: 'darwin', mirrors: { redis: 'http://127.0.0.1:3' } });
    expect(hints).toContain('macOS: brew install redis');
    expect(hints).not.toContain('apt-get');
  });
});

it('reports all kits that could not be had, and keeps those that could', async () => {
  fakeGo();
  const options = { ...machine.options, ...unreachable };
  const error = await failureOf(setupTools(['toxiproxy-server', 'setpriv', 'nsenter'], options));
  expect(String(error)).toContain('expected setpriv 2.33.0 or later, got none');
  expect(String(error)).toContain('expected nsenter 2.33.0 or later, got none');
  expect(existsSync(join(machine.cache, 'kits', 'toxiproxy-2.12.0', 'toxiproxy-server'))).toBe(true);
});
