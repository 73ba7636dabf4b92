import { LabError, messageOf } from '../common/errors.ts';
import { once } from '../common/once.ts';
import { clusterIn } from './cluster-target.ts';
import type { Fault, Proof } from './fault.ts';
import { type SlotList, slotsIn, slotsInWords } from './slot-list.ts';
import { carry, complete, completeAfterFailover, movesOf, open, settle } from './slot-move.ts';
import { inWords, serversOf, type Targets } from './target.ts';

export interface MoveSlotsOptions {
  slots: SlotList;
  /** The primary that gets them. */
  to: Targets;
  /**
   * Where it halts: each slot is left on the move (MIGRATING and IMPORTING) after this many of its keys, and the heal
   * resumes and completes it. Where another node was promoted to the source's place meanwhile, the heal goes on from that
   * one if it knows of the move (Valkey's replicas do, from 8.0 on); else (Redis) it closes the slot (SETSLOT STABLE) and
   * says how many keys stay behind where nobody looks for them. Default: it does not halt, and there is nothing to heal.
   */
  haltAfterKeys?: number;
}

/**
 * Moves slots of a cluster from their owners to another primary while clients go on: `SETSLOT IMPORTING` and
 * `MIGRATING`, `MIGRATE` of its keys over the links, `SETSLOT NODE`.
 * https://redis.io/docs/latest/commands/cluster-setslot/
 */
export function moveSlots({ slots, to, haltAfterKeys }: MoveSlotsOptions): Fault {
  const chosen = slotsIn('moveSlots()', slots);
  const halted = haltAfterKeys === undefined ? '' : `, halted after ${haltAfterKeys} keys of each`;
  return {
    name: 'move-slots',
    text: `move ${slotsInWords(chosen)} to ${inWords(to)}${halted}`,
    aims: [to],
    only: { kinds: ['cluster'] },
    async inject(surface) {
      const system = clusterIn(surface.topology);
      const [target] = await serversOf(to, surface);
      if (target === undefined) throw new LabError(`no node is ${inWords(to)} now`);
      const moves = await movesOf(chosen, target, system);
      const text = `move ${slotsInWords(chosen)} to ${target.name}${halted}`;
      const targets = [...new Set([...moves.map(({ source }) => source.name), target.name])];
      const proof = await proofOf(async () => {
        let keys = 0;
        for (const move of moves) {
          await open(move);
          keys += await carry(move, haltAfterKeys ?? Number.POSITIVE_INFINITY);
          if (haltAfterKeys === undefined) await settle(move, system);
        }
        if (haltAfterKeys !== undefined && keys === 0) throw new LabError('there was no key to move');
        const left = haltAfterKeys === undefined ? 'owned by' : 'left on the move to';
        return `${keys} keys moved; ${slotsInWords(chosen)} ${left} ${target.name}`;
      });
      return {
        text,
        targets,
        proof,
        heal: once(async () => {
          if (haltAfterKeys === undefined)
            return { proved: true, text: 'slots stay where they were moved to' };
          return proofOf(async () => {
            let keys = 0;
            const stranded: string[] = [];
            for (const move of moves) {
              try {
                keys += await complete(move, system);
              } catch (error) {
                // A source that was replaced refuses: as a replica SETSLOT, before it knows that it is one MIGRATE.
                if (!/^MOVED|only with (masters|primaries)|not a (master|primary)/.test(messageOf(error)))
                  throw error;
                const end = await completeAfterFailover(move, system);
                if (typeof end === 'number') keys += end;
                else stranded.push(end);
              }
            }
            if (stranded.length > 0) return `given up: ${stranded.join('; ')}`;
            return `resumed: ${keys} more keys moved; ${slotsInWords(chosen)} owned by ${target.name}`;
          });
        }),
      };
    },
  };
}

async function proofOf(act: () => Promise<string>): Promise<Proof> {
  try {
    return { proved: true, text: await act() };
  } catch (error) {
    return { proved: false, text: messageOf(error) };
  }
}
