import { messageOf } from '../common/errors.ts';
import { once } from '../common/once.ts';
import { until } from '../common/until.ts';
import { isAlive } from '../topology/sentinel-view.ts';
import type { SlotOwners } from '../topology/topology.ts';
import { clusterIn, questionsOf } from './cluster-target.ts';
import { type Fault, HEAL_PROOF_MS, type Proof } from './fault.ts';
import { type SlotList, slotsIn, slotsInWords } from './slot-list.ts';

/**
 * Leaves slots of a cluster without owner: every running node is told to forget who owns them (`CLUSTER DELSLOTS`),
 * as after a shard's loss or a mistake. The data stays. The heal gives them back to the owners they had.
 */
export function deleteSlots(slots: SlotList): Fault {
  const chosen = slotsIn('deleteSlots()', slots);
  const text = `leave ${slotsInWords(chosen)} without owner (CLUSTER DELSLOTS)`;
  return {
    name: 'delete-slots',
    text,
    only: { kinds: ['cluster'] },
    async inject({ topology }) {
      const system = clusterIn(topology);
      const questions = questionsOf(system);
      const before = await questions.slots();
      const owners = Map.groupBy(chosen, (slot) => ownerOf(slot, before));
      const tell = (slots: readonly number[]) =>
        system.nodes
          .filter(isAlive)
          .map(({ control }) => control.call('CLUSTER', 'DELSLOTS', ...slots.map(String)));
      const unowned = async () => {
        const now = await questions.slots();
        return chosen.every((slot) => ownerOf(slot, now) === null);
      };
      let proof: Proof;
      try {
        await Promise.all(tell(chosen));
        await until(unowned, { what: 'nobody to own them', withinMs: HEAL_PROOF_MS });
        proof = { proved: true, text: `most primaries know no owner of ${slotsInWords(chosen)}` };
      } catch (error) {
        proof = { proved: false, text: messageOf(error) };
      }
      return {
        text,
        targets: [...owners.keys()].filter((name) => name !== null),
        proof,
        heal: once(async () => {
          for (const [name, own] of owners) {
            const node = system.nodes.find((one) => one.name === name);
            await node?.control.call('CLUSTER', 'ADDSLOTS', ...own.map(String)).catch(() => {});
          }
          return owned(chosen, () => questions.slots());
        }),
      };
    },
  };
}

async function owned(chosen: readonly number[], slots: () => Promise<SlotOwners>): Promise<Proof> {
  try {
    await until(
      async () => {
        const now = await slots();
        return chosen.every((slot) => ownerOf(slot, now) !== null);
      },
      { what: `${slotsInWords(chosen)} to have an owner`, withinMs: HEAL_PROOF_MS },
    );
    return { proved: true, text: `${slotsInWords(chosen)} owned again` };
  } catch (error) {
    return { proved: false, text: messageOf(error) };
  }
}

function ownerOf(slot: number, owners: SlotOwners): string | null {
  return owners.find(({ from, to }) => from <= slot && slot <= to)?.owner ?? null;
}
