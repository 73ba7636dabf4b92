import type { Redis } from 'ioredis';
import { sleep } from '../common/clock.ts';
import { messageOf } from '../common/errors.ts';
import { once } from '../common/once.ts';
import type { TopologyNode } from '../topology/topology.ts';
import type { Fault } from './fault.ts';
import { answering, namesOf } from './processes.ts';
import { inWords, serversOf, type Targets } from './target.ts';

const DONE = 'done';
/** Whether TIME goes on within a script; until Redis 7.2 it did. */
const HAS_CLOCK = `
local from = redis.call('TIME')[2]
for i = 1, 100000 do end
return redis.call('TIME')[2] == from and 0 or 1`;
/**
 * Computes and touches no key. Where TIME stands still within a script, os.clock is no help: it is the processor's time,
 * which lasts longer where others want the processor too. But the server measures, on a clock that goes on, how long each
 * command takes that a script calls: so the script asks for that again and again, which is nearly all that it does (it
 * takes a tenth longer than it was asked to). The empty loop is where the server looks whether a script is slow.
 */
const SCRIPT = `
local function nowMs()
  if ARGV[2] == '1' then
    local now = redis.call('TIME')
    return now[1] * 1000 + now[2] / 1000
  end
  for i = 1, 20 do redis.call('INFO', 'latencystats', 'commandstats') end
  for i = 1, 3000 do end
  return string.match(redis.call('INFO', 'commandstats'), 'cmdstat_info:calls=%d+,usec=(%d+)') / 1000
end
local from = nowMs()
while nowMs() < from + tonumber(ARGV[1]) do end
return '${DONE}'`;
/** An idle server answers in well under a millisecond. */
const SILENCE_MS = 30;

/**
 * Runs a Lua script that computes for `ms` on each of the nodes, or a tenth longer from Redis 7.2 on, where scripts have no clock. Nobody else is answered meanwhile, on the cluster's bus
 * neither, until the server's `busy-reply-threshold` (5 s by default) is over: from then on commands get -BUSY, and the bus
 * is answered. It ends by itself; the heal waits for it. https://redis.io/docs/latest/develop/programmability/
 */
export function slowScript(target: Targets, { ms }: { ms: number }): Fault {
  return {
    name: 'slow-script',
    text: `run a Lua script of ${ms} ms on ${inWords(target)}`,
    async inject(surface) {
      const nodes = await serversOf(target, surface);
      const before = await answering(nodes, surface, 1000);
      const scripts = await Promise.all(nodes.map((node) => evaluate(node, ms, surface.note)));
      await sleep(5);
      const states = await Promise.all(scripts.map(stateOf));
      return {
        text: `run a Lua script of ${ms} ms on ${namesOf(nodes)}`,
        targets: nodes.map(({ name }) => name),
        proof: {
          proved: before.every(Boolean) && states.every((state) => state === 'silent' || state === 'busy'),
          text: `answered before: ${before.join(', ')}; meanwhile: ${states.join(', ')}`,
        },
        heal: once(async () => {
          const ends = await Promise.all(scripts.map(({ ended }) => ended));
          const again = await answering(nodes, surface, 2000);
          return {
            proved: again.every(Boolean) && ends.every((end) => end === DONE),
            text: `scripts: ${ends.join(', ')}; answering again: ${again.join(', ')}`,
          };
        }),
      };
    },
  };
}

interface Script {
  node: TopologyNode;
  /** What it returned, or why it did not. */
  ended: Promise<string>;
}

/** Over a connection of its own, so that orders to the server and probes do not wait behind the script. */
async function evaluate(node: TopologyNode, ms: number, note: (text: string) => void): Promise<Script> {
  const own = node.control.duplicate({ commandTimeout: 5000 + 5 * ms, retryStrategy: () => null });
  own.on('error', () => {});
  await own.connect();
  const clock = (await hasClock(own, note)) ? '1' : '0';
  const reply = own.call('EVAL', SCRIPT, '0', String(ms), clock).then(String, messageOf);
  return { node, ended: reply.finally(() => own.disconnect()) };
}

/** Who knows no scripts says so when it is given the real one. */
async function hasClock(own: Redis, note: (text: string) => void): Promise<boolean> {
  const has = (await own.call('EVAL', HAS_CLOCK, '0').catch(() => 1)) === 1;
  if (!has) note('scripts have no clock: a slow one goes by how long the server says its commands took');
  return has;
}

/** How the server answers others while the script should be running. */
function stateOf({ node, ended }: Script): Promise<string> {
  return Promise.race([
    ended.then((end) => `the script had ended (${end})`),
    sleep(SILENCE_MS).then(() => 'silent'),
    node.control.ping().then(
      () => 'answers',
      (error: unknown) => (messageOf(error).startsWith('BUSY') ? 'busy' : messageOf(error)),
    ),
  ]);
}
