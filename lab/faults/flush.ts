import { messageOf } from '../common/errors.ts';
import { once } from '../common/once.ts';
import type { TopologyNode } from '../topology/topology.ts';
import type { Fault, Proof } from './fault.ts';
import { namesOf } from './processes.ts';
import { inWords, serversOf, type Targets } from './target.ts';

/** Empties servers by `FLUSHALL`, as an operator on the wrong machine does. There is nothing to heal: what is gone is gone. */
export function flush(target: Targets): Fault {
  return {
    name: 'flush',
    text: `empty ${inWords(target)} (FLUSHALL)`,
    aims: [target],
    async inject(surface) {
      const nodes = await serversOf(target, surface);
      const proofs = await Promise.all(nodes.map(emptied));
      return {
        text: `FLUSHALL on ${namesOf(nodes)}`,
        targets: nodes.map((node) => node.name),
        proof: {
          proved: proofs.every((proof) => proof.proved),
          text: proofs.map((proof) => proof.text).join(', '),
        },
        heal: once(async () => ({ proved: true, text: 'what was emptied stays so' })),
      };
    },
  };
}

/** In one transaction, so that what clients write meanwhile hides nothing. A server that was empty proves nothing. */
async function emptied({ name, control }: TopologyNode): Promise<Proof> {
  try {
    const results = (await control.multi().dbsize().flushall().dbsize().exec()) ?? [];
    for (const [error] of results) if (error !== null) throw error;
    const [before, , after] = results.map(([, value]) => Number(value));
    return { proved: before !== 0 && after === 0, text: `${name} had ${before} keys, then ${after}` };
  } catch (error) {
    return { proved: false, text: `${name}: ${messageOf(firstOf(error))}` };
  }
}

/** A transaction that was refused says so; which of its commands was refused, and why, is in the errors before. */
function firstOf(error: unknown): unknown {
  const { previousErrors } = (error ?? {}) as { previousErrors?: readonly unknown[] };
  return previousErrors?.[0] ?? error;
}
