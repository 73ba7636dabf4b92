import type { AddressBook } from './address-book.ts';
import type { Link, Streams } from './link.ts';

/**
 * For iptables-restore: a chain that drops the packets of links, inside the observer's host. Packets to and from a link's listener cross the observer's loopback interface, so they are dropped on their
 * way in: requests by their destination, replies by their source.
 */
export function dropRules(
  chain: string,
  links: readonly Link[],
  streams: Streams,
  book: AddressBook,
): string {
  const rules = links.flatMap((link) => {
    const node = book.node(link.node);
    const port = node.ports[link.port];
    return [
      ...(streams === 'replies' ? [] : [`-A ${chain} -d ${node.announced} -p tcp --dport ${port} -j DROP`]),
      ...(streams === 'requests' ? [] : [`-A ${chain} -s ${node.announced} -p tcp --sport ${port} -j DROP`]),
    ];
  });
  return ['*filter', `:${chain} - [0:0]`, `-A INPUT -j ${chain}`, ...rules, 'COMMIT'].join('\n');
}

/** Takes a chain away again. */
export function undoRules(chain: string): string {
  return ['*filter', `-D INPUT -j ${chain}`, `-F ${chain}`, `-X ${chain}`, 'COMMIT'].join('\n');
}
