import type { PlacementOptions } from './placement.ts';
import type { Timing } from './timing.ts';

export interface ClusterOptions extends PlacementOptions {
  /** Primaries at the start: `redis-1` to `redis-P`. Default 3, which is the least. */
  primaries?: number;
  /** Replicas of each primary, dealt out in turn: `redis-(P+1)` replicates `redis-1`. Default 1. */
  replicas?: number;
  /** Further replicas after these, dealt out in turn likewise: the first replicates `redis-1`. Default 0. */
  spareReplicas?: number;
  /**
   * How many hosts `host-1`, `host-2`, … there are. Default: one for each node. On fewer of them the nodes are placed
   * so that no primary shares a host with another one, no replica one with a node of its own shard, and where there
   * are `zones` no zone has more of a shard than it must. A node in `placement` goes where that says, whoever is
   * there; the others stay where they would be.
   */
  hosts?: number;
  /**
   * Which slots each primary owns at the start, both ends included: `{ 'redis-1': [[0, 99], 200], … }`. Each slot has
   * exactly one owner and each primary at least one slot. Default: even parts in order.
   */
  slots?: Readonly<Record<string, readonly (number | readonly [from: number, to: number])[]>>;
  /** Clocks of this topology where they differ from the run's timing. */
  timing?: Partial<Pick<Timing, 'nodeTimeoutMs'>>;
}

/** A cluster node's second port: `cluster-port` is 10,000 above the first unless it is set. */
export const BUS_PORT = 16_379;
