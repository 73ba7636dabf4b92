import { monotonicMs, sleep } from '../common/clock.ts';
import { UsageError } from '../common/errors.ts';
import { once } from '../common/once.ts';
import { until } from '../common/until.ts';
import type { TopologyNode } from '../topology/topology.ts';
import { ANSWER_MS, accepts, isRefusal } from './connection-refusal.ts';
import { type Fault, HEAL_PROOF_MS, type Proof } from './fault.ts';
import { originOf, reach, Stranger } from './reach.ts';
import { inWords, serversOf, type Targets } from './target.ts';

export interface LeakOptions {
  /** From a host of these, over its link. Default: a client host. */
  from?: Targets;
  /** Connections a second, to each server; as many attempts once it refuses. At most 1,000. */
  perSecond: number;
  /** The injection ends when a server refuses, or when it has taken so many; at most 4,000, and no more stand at once. */
  connections: number;
}

const MOST = 4000;
const MOST_PER_SECOND = 1000;
const EVERY_MS = 20;

/**
 * Opens connections at a rate and never uses or closes them, as a client without a pool does, and goes on until the
 * heal: what becomes free is taken as well. The injection ends when each server has refused one (`maxclients`) or
 * taken `connections`, which proves it; a server may close them meanwhile (`timeout`). The heal closes them all, and
 * says how many there were. UsageError on numbers that are none.
 */
export function leakConnections(target: Targets, options: LeakOptions): Fault {
  const { from = 'clients', perSecond, connections } = options;
  whole('perSecond', perSecond, MOST_PER_SECOND);
  whole('connections', connections, MOST);
  return {
    name: 'leak-connections',
    text: `leave ${perSecond} idle connections a second from ${inWords(from)} on ${inWords(target)}`,
    aims: [from, target],
    async inject(surface) {
      const [origin, nodes] = await Promise.all([originOf(from, surface), serversOf(target, surface)]);
      const leaks = nodes.map((node) => leak(node, reach(node, origin, surface), perSecond));
      // Twice as long as it should take, and some time for a busy machine.
      const withinMs = (2 * connections * 1000) / perSecond + ANSWER_MS;
      const proofs = await Promise.all(leaks.map((one) => one.bites(connections, withinMs)));
      return {
        text: `leave ${perSecond} idle connections a second from ${origin.name} on ${nodes.map(({ name }) => name).join(' and ')}`,
        targets: nodes.map((node) => node.name),
        proof: {
          proved: proofs.every((proof) => proof.proved),
          text: proofs.map((proof) => proof.text).join(', '),
        },
        heal: once(async () => {
          const ends = await Promise.all(leaks.map((one) => one.end()));
          return {
            proved: ends.every((proof) => proof.proved),
            text: ends.map((proof) => proof.text).join(', '),
          };
        }),
      };
    },
  };
}

function whole(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new UsageError(
    `leakConnections: ${name}: expected a whole number from 1 to ${most}, got ${String(value)}`,
  );
}

/** Leaks connections to one server until `end`. */
function leak(node: TopologyNode, address: { host: string; port: number }, perSecond: number) {
  const open = new Set<Stranger>();
  const counts = { attempts: 0, taken: 0, refused: 0, closed: 0 };
  const ended = new AbortController();
  const startedAt = monotonicMs();

  const attempt = async () => {
    const one = new Stranger(address);
    open.add(one);
    const answer = await one.ask('PING', ANSWER_MS);
    if (answer !== null && !isRefusal(answer)) counts.taken++;
    else {
      if (!ended.signal.aborted) counts.refused++;
      open.delete(one);
      one.close();
    }
  };
  const run = async () => {
    while (!ended.signal.aborted) {
      for (const one of open) {
        if (!one.closed) continue;
        open.delete(one);
        counts.closed++;
      }
      const due = Math.floor(((monotonicMs() - startedAt) * perSecond) / 1000);
      // A machine that was busy does not make up for it all at once: it is the rate that is promised.
      const most = Math.ceil((2 * EVERY_MS * perSecond) / 1000);
      const now = Math.min(due - counts.attempts, most, MOST - open.size);
      counts.attempts = due;
      for (let i = 0; i < now; i++) void attempt();
      await sleep(EVERY_MS, ended.signal).catch(() => {});
    }
  };
  const running = run();

  return {
    async bites(connections: number, withinMs: number): Promise<Proof> {
      const bitten = () => counts.refused > 0 || counts.taken >= connections;
      await until(async () => bitten(), {
        what: `${node.name} to be full`,
        withinMs,
        everyMs: EVERY_MS,
      }).catch(() => {});
      const text = `${node.name} took ${counts.taken} connections${counts.refused > 0 ? ', then refused' : ''}`;
      return { proved: bitten(), text };
    },
    async end(): Promise<Proof> {
      ended.abort();
      await running;
      for (const one of open) one.close();
      const { taken, refused, closed } = counts;
      const text = `${node.name}: ${taken} taken, ${refused} refused, ${closed} closed by the server meanwhile`;
      try {
        await until(() => accepts(address), {
          what: 'a further connection to be accepted',
          withinMs: HEAL_PROOF_MS,
        });
        return { proved: true, text };
      } catch {
        return { proved: false, text: `${text}; no further connection is accepted in ${HEAL_PROOF_MS} ms` };
      }
    },
  };
}
