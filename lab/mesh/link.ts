import type { AddressBook, NodeAddress } from './address-book.ts';

/** A directed link: how processes on `observer` reach `node`. Each is one proxy of the observer's Toxiproxy. */
export interface Link {
  /** Host from which the node is reached. */
  observer: string;
  node: string;
  /** Which of the node's ports: `client`, `bus`. */
  port: string;
}

export function linkName(link: Link): string {
  return `${link.observer}→${link.node}${link.port === 'client' ? '' : `/${link.port}`}`;
}

/** Every link there is from a host: one for each port of each node that is not on it. */
export function linksOf(observer: string, book: AddressBook): Link[] {
  return book.nodes
    .filter((node) => node.host !== observer)
    .flatMap((node: NodeAddress) =>
      Object.keys(node.ports).map((port) => ({ observer, node: node.name, port })),
    );
}

/** Which half of a link's conversations is meant: from the observer to the node, back, or both. */
export type Streams = 'both' | 'requests' | 'replies';

/**
 * How a cut is made. `toxiproxy`: connections are accepted and nothing flows, the heal closes them. `packets`:
 * iptables drops them inside the observer's host, SYNs vanish, and open connections survive the heal.
 */
export type Transport = 'toxiproxy' | 'packets';
