import type { SlotMember } from '../history/observations.ts';
import type { AddressBook } from '../mesh/address-book.ts';
import type { NodeIds } from './node-ids.ts';

/** Flags worth telling: what a node is, `myself` and `noflags` are told elsewhere, `fail?` is called `pfail`. */
const TOLD = ['pfail', 'fail', 'noaddr', 'handshake', 'nofailover'];

/**
 * A node's CLUSTER NODES: `<id> <ip:port@bus[,hostname[,shard-id=…]]> <flags> <primary> <ping> <pong> <epoch> <link>
 * <slot> …` a line (Redis 7.0 to 8, Valkey), sorted by name. Learns ids on the way: the line with `myself` is
 * `asked`, others have their addresses. https://redis.io/docs/latest/commands/cluster-nodes/
 */
export function clusterMembers(text: string, asked: string, book: AddressBook, ids: NodeIds): SlotMember[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim().split(' '))
    .filter((words) => words.length >= 8);
  for (const [id = '', address = '', flags = ''] of lines) {
    const name = flags.split(',').includes('myself') ? asked : book.nameOf(address);
    if (name !== null) ids.learn(id, name);
  }
  const members = lines.map((words): SlotMember => {
    const [id = '', , flagText = '', primary = '-', , , epoch = '0', link = '', ...slots] = words;
    const flags = flagText.split(',').map((flag) => (flag === 'fail?' ? 'pfail' : flag));
    return {
      node: ids.nameOf(id),
      role: flags.includes('slave') || flags.includes('replica') ? 'replica' : 'primary',
      primary: primary === '-' ? null : ids.nameOf(primary),
      epoch: Number(epoch),
      slots: slots.filter((slot) => !slot.startsWith('[')).join(' '),
      moving: slots.flatMap((slot) => movingSlot(slot, ids)).join(' '),
      flags: [
        ...TOLD.filter((flag) => flags.includes(flag)),
        ...(link === 'disconnected' ? ['disconnected'] : []),
      ].join(' '),
    };
  });
  return members.sort((a, b) => (a.node < b.node ? -1 : 1));
}

/** `[93->-<id>]` leaves for another node, `[77-<-<id>]` comes from one. */
function movingSlot(text: string, ids: NodeIds): string[] {
  const match = /^\[(\d+)-([<>])-(\w+)\]$/.exec(text);
  return match === null ? [] : [`${match[1]}${match[2]}${ids.nameOf(match[3] ?? '')}`];
}
