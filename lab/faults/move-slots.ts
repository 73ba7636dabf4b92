import { LabError, messageOf } from '../common/errors.ts';
import { once } from '../common/once.ts';
import { until } from '../common/until.ts';
import { isAlive } from '../topology/sentinel-view.ts';
import type { RunningTopology, SlotOwners, TopologyNode } from '../topology/topology.ts';
import { clusterIn, questionsOf } from './cluster-target.ts';
import type { Fault, Proof } from './fault.ts';
import { type SlotList, slotsIn, slotsInWords } from './slot-list.ts';
import { inWords, serversOf, type Targets } from './target.ts';

/** Keys that one MIGRATE takes along, as redis-cli's rebalancing does. */
const KEYS_AT_ONCE = 10;
/** Of one MIGRATE. */
const MIGRATE_TIMEOUT_MS = 5000;

export interface MoveSlotsOptions {
  slots: SlotList;
  /** The primary that gets them. */
  to: Targets;
  /**
   * Where it halts: each slot is left on the move (MIGRATING and IMPORTING) after this many of its keys, and the heal
   * resumes and completes it. A slot whose source owns it no more, because another node was promoted meanwhile, the heal
   * closes (SETSLOT STABLE) and says how many keys stay behind where nobody looks for them. Default: it does not halt,
   * and there is nothing to heal.
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
                await open(move);
                keys += await carry(move, Number.POSITIVE_INFINITY);
                await settle(move, system);
              } catch (error) {
                // A source that was replaced refuses: as a replica SETSLOT, before it knows that it is one MIGRATE.
                if (!/^MOVED|only with (masters|primaries)|not a (master|primary)/.test(messageOf(error)))
                  throw error;
                stranded.push(await giveUp(move, await successorOf(move, system)));
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

interface Move {
  slot: number;
  source: TopologyNode;
  target: TopologyNode;
  sourceId: string;
  targetId: string;
}

/** LabError where a slot has no owner, or the target owns it already. */
async function movesOf(
  slots: readonly number[],
  target: TopologyNode,
  system: RunningTopology,
): Promise<Move[]> {
  const owners = await questionsOf(system).slots();
  const targetId = await idOf(target);
  return Promise.all(
    slots.map(async (slot) => {
      const source = system.nodes.find(({ name }) => name === ownerIn(owners, slot));
      if (source === undefined) throw new LabError(`expected an owner of slot ${slot}, got none`);
      if (source === target) throw new LabError(`expected another owner of slot ${slot} than ${target.name}`);
      return { slot, source, target, sourceId: await idOf(source), targetId };
    }),
  );
}

function ownerIn(owners: SlotOwners, slot: number): string | null {
  return owners.find(({ from, to }) => from <= slot && slot <= to)?.owner ?? null;
}

/** The slot's owner after its source, as soon as the majority has heard of it. */
async function successorOf({ slot, source }: Move, system: RunningTopology): Promise<string | null> {
  const { owner } = await until(
    async () => {
      const name = ownerIn(await questionsOf(system).slots(), slot);
      return name === source.name ? undefined : { owner: name };
    },
    { what: `another owner of slot ${slot} than ${source.name}`, withinMs: 5000 },
  );
  return owner;
}

/**
 * Closes a slot whose source was replaced: the new owner does not know that the slot was on the move, and keys that were
 * carried over before are in the slot of a node that does not own it.
 */
async function giveUp({ slot, target }: Move, owner: string | null): Promise<string> {
  await target.control.call('CLUSTER', 'SETSLOT', String(slot), 'STABLE');
  const keys = await target.control.call('CLUSTER', 'COUNTKEYSINSLOT', String(slot));
  return `slot ${slot} is owned by ${owner ?? 'nobody'}, ${String(keys)} of its keys stay on ${target.name}`;
}

async function idOf({ control }: TopologyNode): Promise<string> {
  return String(await control.call('CLUSTER', 'MYID'));
}

/** First the target, so that the source never sends a client to somebody who does not know of it. Again changes nothing. */
async function open({ slot, source, target, sourceId, targetId }: Move): Promise<void> {
  await target.control.call('CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', sourceId);
  await source.control.call('CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', targetId);
}

/** Carries at most so many keys over, and returns how many. */
async function carry({ slot, source, target }: Move, most: number): Promise<number> {
  const [host = '', port = ''] = target.announced.split(':');
  const access = await accessOf(source);
  let carried = 0;
  while (carried < most) {
    const count = Math.min(KEYS_AT_ONCE, most - carried);
    const keys = await source.control.call('CLUSTER', 'GETKEYSINSLOT', String(slot), String(count));
    const names = (keys as unknown[]).map(String);
    if (names.length === 0) break;
    const end = [...access, 'KEYS', ...names];
    await source.control.call('MIGRATE', host, port, '', '0', String(MIGRATE_TIMEOUT_MS), ...end);
    carried += names.length;
  }
  return carried;
}

/** What nodes log in to each other with. */
async function accessOf({ control }: TopologyNode): Promise<string[]> {
  const [user, password] = await Promise.all(
    ['masteruser', 'masterauth'].map(
      async (name) => ((await control.config('GET', name)) as string[])[1] ?? '',
    ),
  );
  if (!password) return [];
  return user ? ['AUTH2', user, password] : ['AUTH', password];
}

/** The new owner first, then everybody: whoever is told too late learns it by gossip. */
async function settle({ slot, source, target, targetId }: Move, { nodes }: RunningTopology): Promise<void> {
  const tell = ({ control }: TopologyNode) =>
    control.call('CLUSTER', 'SETSLOT', String(slot), 'NODE', targetId);
  await tell(target);
  await tell(source);
  const others = nodes.filter((node) => isAlive(node) && node !== source && node !== target);
  await Promise.all(others.map((node) => tell(node).catch(() => {})));
}

async function proofOf(act: () => Promise<string>): Promise<Proof> {
  try {
    return { proved: true, text: await act() };
  } catch (error) {
    return { proved: false, text: messageOf(error) };
  }
}
