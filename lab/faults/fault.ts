import { real } from '../common/lab-speed.ts';
import type { Prng } from '../common/prng.ts';
import type { Host } from '../hosts/host.ts';
import type { LinkProof } from '../mesh/link-proofs.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { SystemKind } from '../topology/systems-in.ts';
import type { LabNode, RunningTopology } from '../topology/topology.ts';
import type { Targets } from './target.ts';

/** What a fault may touch, and where its targets are found. */
export interface FaultSurface {
  hosts: ReadonlyMap<string, Host>;
  /** Names of the hosts on which only clients run. */
  clientHosts: readonly string[];
  mesh: Mesh;
  topology: RunningTopology;
  /** What else is a node of the mesh: instances of the application, databases. */
  services: readonly LabNode[];
  /** For targets that are chosen at random; seeded. */
  random: Prng;
  /** Records that a server does not offer something, and what is done instead. */
  note(text: string): void;
  /** Records that a process was stopped and continued by a signal, which no probe can tell from a dead one. */
  paused(node: string, paused: boolean): void;
}

/** What was seen that shows that a fault is in force, or that it is over. */
export type Proof = LinkProof;

/** A fault in force. */
export interface InjectedFault {
  /** One line for people, with the names that the roles stood for: "kill redis-1 (primary)". */
  text: string;
  /** Names of the nodes, hosts or links that were hit. */
  targets: readonly string[];
  /** Those of the targets that refused what was asked of them, so that nothing happened there. Default none. */
  refusedBy?: readonly string[];
  /** Without a proof the run is inconclusive, never green. */
  proof: Proof;
  /** Undoes it and proves that; safe to call twice. */
  heal(): Promise<Proof>;
}

/** What breaks. It knows nothing of schedules: `inject` breaks it now, its result mends it. */
export interface Fault {
  /** `kill`, `isolate`: the name in reports. */
  readonly name: string;
  /** In words, with roles instead of names: "kill the primary". */
  readonly text: string;
  /** Whom it names: a name or role that nobody has is refused before anything starts. Default: that is seen when it is injected. */
  readonly aims?: readonly Targets[];
  /** The only kinds of system that it is for; `of` names which one of several has to be. Default: any. */
  readonly only?: { kinds: readonly SystemKind[]; of?: string | undefined };
  /** What it cannot do without. Default: nothing. */
  readonly needs?: 'lab clock';
  inject(surface: FaultSurface): Promise<InjectedFault>;
}

/** How long a heal may take to prove itself, in ms. */
export const HEAL_PROOF_MS = real(5000);
