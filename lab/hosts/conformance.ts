/**
 * What every backend must do. Each case gets a backend of its own that has made nothing yet; a backend's tests
 * run all of them.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { sleep } from '../common/clock.ts';
import { LabError } from '../common/errors.ts';
import { until } from '../common/until.ts';
import type { Host, HostBackend, RunningProcess } from './host.ts';

/** What a case is called with. */
export interface ConformanceBench {
  backend: HostBackend;
  /** Path of Node on the hosts: the one program the cases start. */
  node: string;
}

type ConformanceCase = (bench: ConformanceBench) => Promise<void>;

const PORT = 7000;
/** Long for an answer on one machine, and longer than a busy one lets anybody wait who is to be answered. */
const SILENCE_MS = 300;
const PATIENCE_MS = 5000;
const ANNOUNCED_A = '127.1.0.11';

/** Answers every connection with its first argument, on the addresses that follow. */
const SERVER = `
const { createServer } = require('node:net');
const [name, ...addresses] = process.argv.slice(1);
Promise.all(addresses.map((address) => new Promise((resolve) =>
  createServer((socket) => socket.on('error', () => {}).end(name)).listen(${PORT}, address, resolve)
))).then(() => console.log('listening'));`;

/** Prints what the server at its first argument says, "refused" or "silent". */
const CLIENT = `
const socket = require('node:net').connect(${PORT}, process.argv[1]);
const end = (text) => { console.log(text); process.exit(); };
socket.on('data', (data) => end(String(data))).on('error', (error) => end(error.code === 'ECONNREFUSED' ? 'refused' : 'silent'));
setTimeout(() => end('silent'), Number(process.argv[2]));`;

/** Two hosts, and the address of a node on each. */
async function twoHosts({ backend }: ConformanceBench) {
  const [A, B] = [backend.nodeAddress(11), backend.nodeAddress(12)];
  const hosts = await backend.create([
    { name: 'a', zone: 'east', nodeAddresses: [A] },
    { name: 'b', nodeAddresses: [B] },
  ]);
  const [a, b] = [hosts.get('a'), hosts.get('b')];
  assert(a && b, 'both hosts exist');
  return { a, b, A, B };
}

async function serve(host: Host, bench: ConformanceBench, ...addresses: string[]): Promise<RunningProcess> {
  const server = await host.start({
    name: `server-${host.name}`,
    command: bench.node,
    args: ['-e', SERVER, host.name, ...addresses],
  });
  await logged(server, 'listening');
  return server;
}

const logged = (process: RunningProcess, words: string) =>
  until(() => readFileSync(process.log, 'utf8').includes(words), {
    what: `${process.name} to log ${JSON.stringify(words)}`,
    withinMs: 20_000,
  });

const ask = async (host: Host, bench: ConformanceBench, address: string, withinMs = PATIENCE_MS) =>
  (await host.run(bench.node, ['-e', CLIENT, address, String(withinMs)])).trim();

/** What the lab itself hears from a server. */
function hear(address: string, withinMs = PATIENCE_MS): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(PORT, address);
    const end = (heard: string) => {
      socket.destroy();
      resolve(heard);
    };
    socket.once('data', (data) => end(String(data))).once('error', (error) => end(error.message));
    setTimeout(() => end('silent'), withinMs);
  });
}

export const conformance: Readonly<Record<string, ConformanceCase>> = {
  'hosts have names, zones and scratch directories of their own': async (bench) => {
    const { a, b } = await twoHosts(bench);
    assert.deepEqual([a.name, a.zone, b.name, b.zone], ['a', 'east', 'b', null]);
    assert.notEqual(a.dir, b.dir);
    assert(existsSync(a.dir) && existsSync(b.dir));
    assert.notEqual(a.address, b.address);
  },

  'hosts and the lab reach each other by host and by node addresses': async (bench) => {
    const { a, b, A, B } = await twoHosts(bench);
    await Promise.all([serve(a, bench, a.address, A), serve(b, bench, b.address, B)]);
    assert.deepEqual(await Promise.all([a.address, A].map((address) => ask(b, bench, address))), ['a', 'a']);
    assert.deepEqual(await Promise.all([b.address, B].map((address) => ask(a, bench, address))), ['b', 'b']);
    assert.deepEqual(await Promise.all([a.address, A, B].map((address) => hear(address))), ['a', 'a', 'b']);
  },

  'every host has all of 127/8 to itself': async (bench) => {
    const { a, b } = await twoHosts(bench);
    await serve(a, bench, ANNOUNCED_A, '127.0.0.1');
    assert.equal(await ask(a, bench, ANNOUNCED_A), 'a');
    assert.equal(await ask(b, bench, ANNOUNCED_A), 'refused');
    await serve(b, bench, ANNOUNCED_A);
    assert.equal(await ask(b, bench, ANNOUNCED_A), 'b');
    assert.equal(await ask(a, bench, ANNOUNCED_A), 'a');
    assert.equal(await ask(b, bench, '127.0.0.1'), 'refused');
  },

  'a process has its log, its working directory, its environment and its exit': async (bench) => {
    const { a } = await twoHosts(bench);
    const script = `console.log(process.env.GREETING, process.cwd()); console.error("oh");
      setInterval(() => { if (require('node:fs').existsSync('go')) process.exit(7) }, 10)`;
    const process = await a.start({
      name: 'short',
      command: bench.node,
      args: ['-e', script],
      env: { GREETING: 'hello' },
    });
    assert.equal(process.exit, null);
    assert.deepEqual(a.processes(), [process]);
    writeFileSync(path.join(a.dir, 'go'), '');
    assert.deepEqual(await process.exited, { code: 7, signal: null });
    assert.deepEqual(process.exit, { code: 7, signal: null });
    assert.deepEqual(a.processes(), []);
    const log = readFileSync(process.log, 'utf8');
    assert(log.includes('hello ') && log.includes('oh'), log);
    process.signal('SIGKILL');
  },

  'signals reach a process: stopped it is silent, continued it answers, killed it has ended': async (
    bench,
  ) => {
    const { a, b, A } = await twoHosts(bench);
    const server = await serve(a, bench, A);
    server.signal('SIGSTOP');
    assert.equal(await ask(b, bench, A, SILENCE_MS), 'silent');
    server.signal('SIGCONT');
    assert.equal(await ask(b, bench, A), 'a');
    server.signal('SIGKILL');
    assert.deepEqual(await server.exited, { code: null, signal: 'SIGKILL' });
    assert.equal(await ask(b, bench, A), 'refused');
  },

  'a process with pipes is talked to; what it complains of goes to its log': async (bench) => {
    const { a } = await twoHosts(bench);
    const script = 'console.error("started"); process.stdin.pipe(process.stdout)';
    const echo = await a.start({ name: 'echo', command: bench.node, args: ['-e', script], stdio: 'pipe' });
    assert(echo.stdin && echo.stdout);
    echo.stdin.end('one\ntwo\n');
    assert.equal(await text(echo.stdout), 'one\ntwo\n');
    await echo.exited;
    assert.equal(readFileSync(echo.log, 'utf8').trim(), 'started');
    const silent = await a.start({ name: 'log', command: bench.node, args: ['-e', ''] });
    assert.deepEqual([silent.stdin, silent.stdout], [null, null]);
    await silent.exited;
  },

  'a program that is not there cannot be started': async (bench) => {
    const { a } = await twoHosts(bench);
    const start = () => a.start({ name: 'nothing', command: '/no/such/program', args: [] });
    await assert.rejects(
      start,
      (error) => error instanceof LabError && error.message.includes('/no/such/program'),
    );
    assert.deepEqual(a.processes(), []);
  },

  'run hands input over and returns the output': async (bench) => {
    const { a } = await twoHosts(bench);
    const script = 'process.stdin.on("data", (data) => console.log(String(data).toUpperCase().trim()))';
    assert.equal(await a.run(bench.node, ['-e', script], 'quiet'), 'QUIET\n');
    assert.equal(await a.run(bench.node, ['-e', 'process.stdin.resume()']), '');
  },

  'run fails with what the command complained of': async (bench) => {
    const { a } = await twoHosts(bench);
    const failing = a.run(bench.node, ['-e', 'console.error("no such luck"); process.exit(3)']);
    await assert.rejects(failing, (error) => error instanceof LabError && /no such luck/.test(error.message));
    await assert.rejects(a.run('/no/such/program', []), LabError);
  },

  'a host without its cable is silent in both directions, and back with it': async (bench) => {
    const { a, b, A, B } = await twoHosts(bench);
    await Promise.all([serve(a, bench, A, ANNOUNCED_A), serve(b, bench, B)]);
    await a.cable('out');
    const both = (withinMs?: number) =>
      Promise.all([ask(a, bench, B, withinMs), ask(b, bench, A, withinMs), hear(A, withinMs)]);
    assert.deepEqual(await both(SILENCE_MS), ['silent', 'silent', 'silent']);
    assert.equal(await ask(a, bench, ANNOUNCED_A), 'a', 'inside the host nothing has changed');
    assert.equal(await hear(B), 'b', 'other hosts keep their cables');
    await a.cable('in');
    await until(async () => (await hear(A, SILENCE_MS)) === 'a', {
      what: 'the host to be back',
      withinMs: 10_000,
    });
    assert.deepEqual(await both(), ['b', 'a', 'a']);
  },

  'close ends every process, stopped ones too': async (bench) => {
    const { a, b, A, B } = await twoHosts(bench);
    const servers = [await serve(a, bench, A), await serve(b, bench, B)];
    servers[1]?.signal('SIGSTOP');
    await bench.backend.close();
    await Promise.race([Promise.all(servers.map((server) => server.exited)), sleep(10_000)]);
    assert(
      servers.every((server) => server.exit !== null),
      'all have ended',
    );
    assert.deepEqual([...a.processes(), ...b.processes()], []);
    assert.notEqual(await hear(A, SILENCE_MS), 'a');
    await bench.backend.close();
  },
};
