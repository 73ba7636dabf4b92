import type { AddressBook } from '../mesh/address-book.ts';
import type { LabNode, TopologyNode } from './topology.ts';

/** What one Sentinel says of the group. */
export interface SentinelOpinion {
  sentinel: TopologyNode;
  /** The node it holds to be the primary; null for an address that nobody has. */
  primary: TopologyNode | null;
  /** Its flags of the primary: `master`, `s_down`, `o_down`, `disconnected`, `failover_in_progress`. */
  flags: readonly string[];
  replicas: readonly Entry[];
  sentinels: readonly Entry[];
}

/** A replica or another Sentinel, as it knows it. */
export interface Entry {
  node: TopologyNode | null;
  flags: readonly string[];
  /** `master-link-status` of a replica. */
  linkOk: boolean;
}

/** The Sentinels' view of their group, asked past the mesh. */
export class SentinelView {
  readonly sentinels: readonly TopologyNode[];
  readonly data: readonly TopologyNode[];
  readonly #group: string;
  readonly #book: AddressBook;

  constructor(
    group: string,
    sentinels: readonly TopologyNode[],
    data: readonly TopologyNode[],
    book: AddressBook,
  ) {
    this.#group = group;
    this.sentinels = sentinels;
    this.data = data;
    this.#book = book;
  }

  /** The Sentinels whose process runs. */
  alive(): readonly TopologyNode[] {
    return this.sentinels.filter((node) => isAlive(node));
  }

  async opinion(sentinel: TopologyNode): Promise<SentinelOpinion> {
    const [master, replicas, sentinels] = await Promise.all([
      sentinel.control.call('SENTINEL', 'MASTER', this.#group),
      sentinel.control.call('SENTINEL', 'REPLICAS', this.#group),
      sentinel.control.call('SENTINEL', 'SENTINELS', this.#group),
    ]);
    const own = fields(master);
    return {
      sentinel,
      primary: this.#node(own),
      flags: flagsOf(own),
      replicas: this.#entries(replicas),
      sentinels: this.#entries(sentinels),
    };
  }

  /** The node that most of the running Sentinels hold to be the primary. */
  async primary(): Promise<TopologyNode | null> {
    const answers = await Promise.all(
      this.alive().map((sentinel) =>
        sentinel.control.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', this.#group).then(
          (address) => this.#byAddress(`${(address as string[])[0]}`),
          () => null,
        ),
      ),
    );
    const votes = new Map<TopologyNode, number>();
    for (const node of answers) if (node !== null) votes.set(node, (votes.get(node) ?? 0) + 1);
    const [best] = [...votes].sort((a, b) => b[1] - a[1]);
    return best?.[0] ?? null;
  }

  #entries(reply: unknown): Entry[] {
    return (reply as unknown[]).map((entry) => {
      const known = fields(entry);
      return {
        node: this.#node(known),
        flags: flagsOf(known),
        linkOk: known['master-link-status'] === 'ok',
      };
    });
  }

  #node(entry: Record<string, string>): TopologyNode | null {
    return this.#byAddress(entry.ip ?? '');
  }

  #byAddress(ip: string): TopologyNode | null {
    const name = this.#book.nameOf(ip);
    return [...this.data, ...this.sentinels].find((node) => node.name === name) ?? null;
  }
}

/** A node whose process has not ended. */
export function isAlive(node: LabNode): boolean {
  return node.process !== null && node.process.exit === null;
}

/** Sentinel answers with flat lists of names and values. */
function fields(reply: unknown): Record<string, string> {
  const list = reply as string[];
  const result: Record<string, string> = {};
  for (let i = 0; i + 1 < list.length; i += 2) result[list[i] ?? ''] = list[i + 1] ?? '';
  return result;
}

function flagsOf(entry: Record<string, string>): string[] {
  return (entry.flags ?? '').split(',');
}
