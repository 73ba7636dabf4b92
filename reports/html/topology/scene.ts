import type { Role } from '../../../lab/history/observations.ts';

/** What is drawn in a host's box: a server, an instance of the application, the database, or a group of clients. */
export interface Part {
  name: string;
  kind: 'redis' | 'sentinel' | 'app' | 'postgres' | 'clients';
}

/** A host with what runs on it. */
export interface Place {
  host: string;
  zone: string | null;
  parts: readonly Part[];
}

/** One server, instance or group of clients at one moment. */
export interface PartState {
  /** Of a group of clients and of a process that has no role `up`. */
  role: Role | 'up';
  /** Its second line in the drawing: `replica of redis-1`, `names redis-1`, `writes to redis-1, 200/s`. */
  text: string;
  /** It is not as it should be: a replica without its link, clients without success. */
  troubled: boolean;
  /** Whom it replicates from, or which nodes answered these clients; empty where it is nobody. */
  to: readonly string[];
}

/** How links from one host to a node are hindered. */
export interface BrokenLink {
  /** The observing host. */
  from: string;
  /** The node that it cannot reach, or only badly, and its host. */
  to: string;
  toHost: string;
  /** `bus`: of a cluster's node only the bus is cut. */
  how: 'cut' | 'bus' | 'slowed' | 'reset';
}

/** Everything as it was from one change on until the next. */
export interface Moment {
  /** When the first of its changes happened, in ms since the run's start. */
  at: number;
  /** What changed, a line each, with its time where it differs. */
  changes: readonly string[];
  /** What holds now, in a sentence. */
  sentence: string;
  parts: Readonly<Record<string, PartState>>;
  broken: readonly BrokenLink[];
  /** Hosts that cannot reach those of the other sides; fewer than two sides are none. */
  sides: readonly (readonly string[])[];
  /** Why it is among the few that tell the run's story: `two primaries at once`; null where it is not. */
  decisive: string | null;
}

/** A run's topology over time. */
export interface Scene {
  places: readonly Place[];
  /** By time; the first is how everything stood when the load began. */
  moments: readonly Moment[];
}
