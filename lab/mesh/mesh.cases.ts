import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import { sleep } from '../common/clock.ts';
import { until } from '../common/until.ts';
import type { Case } from '../hosts/test-cases.ts';
import { type TestGroup, testGroup } from '../topology/test-group.ts';
import type { Link, Streams, Transport } from './link.ts';

/** One primary, one replica, a Sentinel beside each: host-1 and host-2 with four links. */
const SMALL = { replicas: 1, sentinels: 2 } as const;
const FORTH: Link = { observer: 'host-1', node: 'redis-2', port: 'client' };
const BACK: Link = { observer: 'host-2', node: 'redis-1', port: 'client' };

/** Prints the run ids of the servers at the addresses it is given, as a process on a host finds them. */
const RUN_IDS = `
const { connect } = require('node:net');
Promise.all(process.argv.slice(1).map((address) => new Promise((resolve) => {
  const [host, port] = address.split(':');
  let text = '';
  const socket = connect(Number(port), host, () => socket.write('INFO server\\r\\n'));
  socket.on('data', (data) => {
    const id = /run_id:(\\w+)/.exec(text += data)?.[1];
    if (id) { socket.destroy(); resolve(id); }
  }).on('error', (error) => resolve(error.code));
}))).then((ids) => console.log(ids.join(' ')));`;

/** One connection: what is written to it goes there, what comes from it, or "closed", is printed. */
const CONNECTION = `
const [host, port] = process.argv[1].split(':');
const socket = require('node:net').connect(Number(port), host, () => console.log('open'));
socket.on('data', (data) => process.stdout.write(data)).on('error', () => {});
socket.on('close', () => console.log('closed'));
process.stdin.pipe(socket);`;

let connections = 0;

async function connection(group: TestGroup, link: Link) {
  const child = await group.host(link.observer).start({
    name: `connection-${++connections}`,
    command: process.execPath,
    args: ['-e', CONNECTION, group.node(link.node).announced],
    stdio: 'pipe',
  });
  const heard: string[] = [];
  assert(child.stdout);
  createInterface({ input: child.stdout }).on('line', (line) => heard.push(line));
  const hears = (what: string, withinMs = 15_000) =>
    until(() => heard.includes(what), { what: `the connection to say ${what}`, withinMs });
  const write = (text: string) => void child.stdin?.write(text);
  return { heard, hears, write, ping: () => write('PING\r\n') };
}

/** Asked three times, for the machine may be busy. */
async function silent(group: TestGroup, link: Link): Promise<boolean> {
  for (const withinMs of [100, 100, 500])
    if ((await group.mesh.roundTrips([link], withinMs))[0] !== null) return false;
  return true;
}

const cutCase =
  (by: Transport, streams: Streams): Case =>
  async (context) => {
    const group = await testGroup(context, SMALL);
    const old = await connection(group, FORTH);
    await old.hears('open');
    old.ping();
    await old.hears('+PONG');
    const { undo, proof } = await group.mesh.cut([FORTH], by, streams);
    assert(proof.proved, proof.text);
    old.heard.length = 0;
    old.ping();
    assert(await silent(group, FORTH));
    assert.deepEqual(old.heard, [], 'an open connection is silent');
    assert(!(await silent(group, BACK)), 'the link back was not cut');
    assert(!(await silent(group, { ...FORTH, node: 'sentinel-2' })), 'nor that to another node');
    await undo();
    await undo();
    const alive = await group.mesh.proveAlive([FORTH], 5000);
    assert(alive.proved, alive.text);
    if (by === 'packets') await old.hears('+PONG');
    else await old.hears('closed');
    assert.equal(old.heard.length, 1, old.heard.join());
  };

export const cases: Readonly<Record<string, Case>> = {
  'every link leads to its node, from processes on the host and from the lab': async (context) => {
    const group = await testGroup(context);
    assert.equal(group.mesh.links().length, 12, 'three hosts see four nodes elsewhere each');
    for (const host of group.hosts.values()) {
      const links = group.mesh.links().filter((link) => link.observer === host.name);
      const wanted = await Promise.all(links.map(({ node }) => group.info(node, 'run_id')));
      const announced = links.map(({ node }) => group.node(node).announced);
      const relays = links.map((link) => group.mesh.sidecar(host.name).relay(link));
      for (const addresses of [announced, relays.map((relay) => `${relay.host}:${relay.port}`)]) {
        const found = await host.run(process.execPath, ['-e', RUN_IDS, ...addresses]);
        assert.deepEqual(found.trim().split(' '), wanted);
      }
    }
    assert((await group.mesh.roundTrips(group.mesh.links(), 5000)).every((ms) => ms !== null));
    assert((await group.mesh.proveAlive(group.mesh.links(), 5000)).proved);
  },

  'Toxiproxy cuts both ways and closes connections at the heal': cutCase('toxiproxy', 'both'),
  'Toxiproxy cuts requests': cutCase('toxiproxy', 'requests'),
  'Toxiproxy cuts replies': cutCase('toxiproxy', 'replies'),
  'dropped packets cut both ways, and connections survive the heal': cutCase('packets', 'both'),
  'dropped packets cut requests': cutCase('packets', 'requests'),
  'dropped packets cut replies': cutCase('packets', 'replies'),

  'cut requests do not arrive, requests whose replies are cut do': async (context) => {
    const group = await testGroup(context, SMALL);
    for (const by of ['toxiproxy', 'packets'] as const) {
      for (const [streams, arrives] of [
        ['requests', false],
        ['replies', true],
      ] as const) {
        const key = `${by}-${streams}`;
        const one = await connection(group, BACK);
        await one.hears('open');
        const { undo } = await group.mesh.cut([BACK], by, streams);
        one.write(`INCR ${key}\r\n`);
        const value = () => group.node('redis-1').control.get(key);
        if (arrives) await until(async () => (await value()) === '1', { what: key, withinMs: 5000 });
        await sleep(100);
        assert.equal(await value(), arrives ? '1' : null, key);
        assert.deepEqual(one.heard, ['open'], key);
        await undo();
      }
    }
  },

  'two cuts of one link are undone one by one': async (context) => {
    const group = await testGroup(context, SMALL);
    const first = await group.mesh.cut([FORTH], 'toxiproxy', 'both');
    const second = await group.mesh.cut([FORTH, BACK], 'packets', 'both');
    assert(first.proof.proved && second.proof.proved, second.proof.text);
    await first.undo();
    assert(await silent(group, FORTH), 'the second cut is still in force');
    await second.undo();
    const alive = await group.mesh.proveAlive([FORTH, BACK], 5000);
    assert(alive.proved, alive.text);
  },

  'a cut of no link is not proved': async (context) => {
    const group = await testGroup(context, SMALL);
    const { proof } = await group.mesh.cut([], 'toxiproxy', 'both');
    assert(!proof.proved);
  },

  'a cut whose toxics are taken away is not proved': async (context) => {
    const group = await testGroup(context, SMALL);
    const sidecar = group.mesh.sidecar('host-1');
    const { address } = group.host('host-1');
    const add = sidecar.add.bind(sidecar);
    sidecar.add = async (link, toxic) => {
      await add(link, toxic);
      await fetch(`http://${address}:8474/reset`, { method: 'POST' });
    };
    const { proof } = await group.mesh.cut([FORTH, BACK], 'toxiproxy', 'both');
    assert(!proof.proved);
    assert.match(proof.text, /host-1→redis-2/);
    assert.doesNotMatch(proof.text, /host-2→redis-1/, 'the other link is cut');
  },

  'packets that are not dropped make no proof': async (context) => {
    const group = await testGroup(context, SMALL);
    const host = group.host('host-1');
    const run = host.run.bind(host);
    host.run = async (command, args, input) => {
      const output = await run(command, args, input);
      await run(context.tools.iptables, ['-F', 'INPUT']);
      return output;
    };
    const { proof } = await group.mesh.cut([FORTH], 'packets', 'both');
    assert(!proof.proved);
    assert.match(proof.text, /host-1→redis-2/);
  },

  'links that were silent before prove nothing': async (context) => {
    const group = await testGroup(context, SMALL);
    group.node('redis-2').process?.signal('SIGSTOP');
    const { proof } = await group.mesh.cut([FORTH], 'toxiproxy', 'both');
    assert(!proof.proved, proof.text);
  },

  'a heal that does not heal is not proved; a dead node is not blamed on its links': async (context) => {
    const group = await testGroup(context, SMALL);
    const { undo } = await group.mesh.cut([FORTH], 'toxiproxy', 'both');
    const still = await group.mesh.proveAlive([FORTH, BACK], 1500);
    assert(!still.proved);
    assert.match(still.text, /host-1→redis-2/);
    assert.doesNotMatch(still.text, /host-2→redis-1/);
    await undo();
    const { process } = group.node('redis-2');
    process?.signal('SIGKILL');
    await process?.exited;
    const dead = await group.mesh.proveAlive([FORTH, BACK], 1500);
    assert(dead.proved);
    assert.match(dead.text, /^1 link/);
    assert.match(dead.text, /down/);
  },

  'toxics come back with a restarted sidecar, and can be undone while it is away': async (context) => {
    const group = await testGroup(context, SMALL);
    const sidecar = group.mesh.sidecar('host-1');
    const { undo } = await group.mesh.cut([FORTH], 'toxiproxy', 'both');
    const restart = async (meanwhile?: () => Promise<void>) => {
      sidecar.process?.signal('SIGKILL');
      await sidecar.process?.exited;
      await meanwhile?.();
      await sidecar.start();
    };
    await restart();
    assert(await silent(group, FORTH), 'the cut is back');
    assert(!(await silent(group, { ...FORTH, node: 'sentinel-2' })));
    await restart(undo);
    assert(!(await silent(group, FORTH)), 'the cut was undone');
  },
};
