import type { AddressBook } from './address-book.ts';
import type { Link } from './link.ts';

/** A proxy as Toxiproxy's HTTP API and the file of its `-config` have it: https://github.com/Shopify/toxiproxy#http-api */
export interface LinkProxy {
  name: string;
  listen: string;
  upstream: string;
  enabled: boolean;
}

/** The name of a link's proxy on its observer's Toxiproxy: `redis-1-client`, `redis-1-bus`. */
export function proxyName(link: Link): string {
  return `${link.node}-${link.port}`;
}

/** A link as a proxy of its observer's Toxiproxy: it listens where the node is said to be, and leads to where it is. */
export function linkProxy(link: Link, book: AddressBook): LinkProxy {
  const node = book.node(link.node);
  const port = node.ports[link.port];
  return {
    name: proxyName(link),
    listen: `${node.announced}:${port}`,
    upstream: `${node.direct}:${port}`,
    enabled: true,
  };
}
