import { UsageError } from '../common/errors.ts';
import { once } from '../common/once.ts';
import { until } from '../common/until.ts';
import { infoOf } from '../topology/info.ts';
import type { TopologyNode } from '../topology/topology.ts';
import { ANSWER_MS, accepts, isRefusal } from './connection-refusal.ts';
import { type Fault, HEAL_PROOF_MS, type InjectedFault, type Proof } from './fault.ts';
import { originOf, reach, Stranger } from './reach.ts';
import { inWords, serversOf, type Targets } from './target.ts';

export interface ExhaustOptions {
  /** From a host of these, over its link. Default: a client host. */
  from?: Targets;
  /** How many connections at most, 4,000 itself at most: each takes four open files of the host's Toxiproxy. */
  connections: number;
}

const MOST = 4000;
/** Opened at once; a listener's backlog is 511 by default. */
const BATCH = 100;

/**
 * Opens connections and leaves them idle, as a leaking client does, until the server refuses one (`maxclients`) or
 * the number is reached. Proved by the refusal, or by all of them counted in `connected_clients`. The heal closes
 * them. UsageError on a number that is none.
 */
export function exhaustConnections(
  target: Targets,
  { from = 'clients', connections }: ExhaustOptions,
): Fault {
  if (!Number.isInteger(connections) || connections < 1 || connections > MOST) {
    throw new UsageError(
      `exhaustConnections: connections: expected a whole number from 1 to ${MOST}, got ${connections}`,
    );
  }
  return {
    name: 'exhaust-connections',
    text: `open up to ${connections} idle connections from ${inWords(from)} to ${inWords(target)}`,
    aims: [from, target],
    async inject(surface) {
      const [origin, nodes] = await Promise.all([originOf(from, surface), serversOf(target, surface)]);
      const floods = await Promise.all(
        nodes.map((node) => flood(node, reach(node, origin, surface), connections)),
      );
      const opened = floods.map(({ node, open }) => `${open.length} to ${node.name}`).join(', ');
      return {
        text: `idle connections from ${origin.name}: ${opened}`,
        targets: nodes.map((node) => node.name),
        proof: {
          proved: floods.every(({ proof }) => proof.proved),
          text: floods.map(({ proof }) => proof.text).join(', '),
        },
        heal: once(() => closeAll(floods)),
      } satisfies InjectedFault;
    },
  };
}

interface Flood {
  node: TopologyNode;
  address: { host: string; port: number };
  open: readonly Stranger[];
  proof: Proof;
}

async function flood(
  node: TopologyNode,
  address: { host: string; port: number },
  wanted: number,
): Promise<Flood> {
  const before = await countsOf(node);
  const open: Stranger[] = [];
  let refusal: string | null = null;
  while (open.length < wanted && refusal === null) {
    const batch = Array.from({ length: Math.min(BATCH, wanted - open.length) }, () => new Stranger(address));
    const answers = await Promise.all(batch.map((one) => one.ask('PING', ANSWER_MS)));
    for (const [index, one] of batch.entries()) {
      const answer = answers[index] ?? null;
      if (answer !== null && !isRefusal(answer)) open.push(one);
      else {
        refusal ??= answer ?? 'without a word';
        one.close();
      }
    }
  }
  const after = await countsOf(node);
  const stand = open.filter((one) => !one.closed).length;
  const proof =
    refusal === null
      ? {
          proved: stand === wanted && after.connected >= before.connected + wanted,
          text: `${node.name} had ${before.connected} clients, now ${after.connected}; ${stand} of ${wanted} stand`,
        }
      : {
          // Its words may be lost with the connection; it counts what it refuses.
          proved: after.rejected > before.rejected,
          text: `${node.name} refuses after ${open.length}: ${refusal}`,
        };
  return { node, address, open, proof };
}

async function countsOf({ control }: TopologyNode): Promise<{ connected: number; rejected: number }> {
  const info = infoOf(await control.info());
  return {
    connected: Number(info.connected_clients ?? 0),
    rejected: Number(info.rejected_connections ?? 0),
  };
}

async function closeAll(floods: readonly Flood[]): Promise<Proof> {
  for (const { open } of floods) for (const one of open) one.close();
  try {
    await until(
      async () => (await Promise.all(floods.map(({ address }) => accepts(address)))).every(Boolean),
      {
        what: 'a further connection to be accepted',
        withinMs: HEAL_PROOF_MS,
      },
    );
    return { proved: true, text: 'closed; a further connection is accepted' };
  } catch {
    return { proved: false, text: `closed, but no further connection is accepted in ${HEAL_PROOF_MS} ms` };
  }
}
