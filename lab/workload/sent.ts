import type { Written } from './classify.ts';
import type { OpenOperation } from './operations.ts';
import type { WaitOptions } from './workload.ts';

/** An operation's command on its way, and what is known of it. */
export interface Sent {
  /** Settles as the library says. */
  readonly reply: Promise<unknown>;
  /** The node whose answer settled `reply`; null when none did, and while it is open. */
  readonly node: string | null;
  /** How far the command can have come by now. */
  readonly written: Written;
  /** How often it was sent on: after MOVED and ASK; by ioredis also after TRYAGAIN, CLUSTERDOWN, or a closed connection of a cluster's node. */
  readonly redirects: number;
  /** Why: the answers' codes, `connection` for one that closed or gave no answer; see redirected-by.ts. */
  readonly redirectedBy: string | null;
  /**
   * WAIT over the very connection on which the answer came: after a reconnect it may ask another server, which
   * answers about its own offset and knows nothing of the write (replication.c, waitCommand: `c->woff`, the
   * offset at the connection's last command). Null when that connection is gone.
   */
  confirm(wait: WaitOptions): Promise<number | null>;
}

/** What an operation is done with: a connection to one server, or to a cluster. */
export interface Connection {
  readonly isReady: boolean;
  send(operation: OpenOperation): Sent;
  /** Resolves when it can be used; rejects when the library gives up for good. */
  whenReady(): Promise<void>;
  disconnect(): void;
}
