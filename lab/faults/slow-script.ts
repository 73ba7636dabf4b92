import type { Redis } from 'ioredis';
import { monotonicMs, sleep } from '../common/clock.ts';
import { messageOf } from '../common/errors.ts';
import { once } from '../common/once.ts';
import type { TopologyNode } from '../topology/topology.ts';
import type { Fault } from './fault.ts';
import { answering, namesOf } from './processes.ts';
import { inWords, serversOf, type Targets } from './target.ts';

const DONE = 'done';
/**
 * Computes and touches no key. Within a script TIME stands still from Redis 7.2 on, and what newer ones have, os.clock, is
 * the processor's time, which lasts longer where others want it too: such a script counts the loops that it is given.
 */
const SCRIPT = `
local function nowMs()
  local now = redis.call('TIME')
  return now[1] * 1000 + now[2] / 1000
end
local loops = tonumber(ARGV[2])
for i = 1, loops do end
local from = nowMs()
while loops == 0 and nowMs() < from + tonumber(ARGV[1]) do end
return '${DONE}'`;
/** An idle server answers in well under a millisecond. */
const SILENCE_MS = 30;

/**
 * Runs a Lua script that computes for `ms` on each of the nodes; from Redis 7.2 on, where scripts have no clock, for as many
 * loops as took so long by a measurement right before. Nobody else is answered meanwhile, on the cluster's bus
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
  const loops = await loopsFor(own, ms, note);
  const reply = own.call('EVAL', SCRIPT, '0', String(ms), String(loops)).then(String, messageOf);
  return { node, ended: reply.finally(() => own.disconnect()) };
}

/** Whether TIME goes on within a script. */
const HAS_CLOCK = `
local from = redis.call('TIME')[2]
for i = 1, 100000 do end
return redis.call('TIME')[2] == from and 0 or 1`;
/** Shorter ones say little of a machine on which others compute too. */
const MEASURED_MS = 200;

/** How many loops take so long, where a script cannot tell by itself: as many as it takes now. Else 0. */
async function loopsFor(own: Redis, ms: number, note: (text: string) => void): Promise<number> {
  // Who knows no scripts says so when it is given the real one.
  if ((await own.call('EVAL', HAS_CLOCK, '0').catch(() => 1)) === 1) return 0;
  note(`scripts have no clock: a slow one counts loops, as many as took ${ms} ms right before`);
  for (let loops = 1_000_000; ; loops *= 2) {
    const from = monotonicMs();
    await own.call('EVAL', `for i = 1, ${loops} do end`, '0');
    const tookMs = monotonicMs() - from;
    if (tookMs >= MEASURED_MS) return Math.ceil((ms / tookMs) * loops);
  }
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
