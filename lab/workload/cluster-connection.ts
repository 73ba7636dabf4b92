import type { Cluster } from 'ioredis';
import type { Written } from './classify.ts';
import { ClusterCommand } from './cluster-command.ts';
import { type NodeNames, nodeAt, readyOrEnded, waitOn } from './connection.ts';
import type { OpenOperation } from './operations.ts';
import { redirectedBy } from './redirected-by.ts';
import type { Connection, Sent } from './sent.ts';
import type { WaitOptions } from './workload.ts';

/** One ioredis Cluster: a connection to each node that it needs, opened when it needs it. */
export class ClusterConnection implements Connection {
  readonly cluster: Cluster;
  private readonly nodes: NodeNames;
  /** Names by socket: a closed one does not know any more where it led. */
  private readonly names = new WeakMap<object, string | null>();

  constructor(cluster: Cluster, nodes: NodeNames) {
    this.cluster = cluster;
    this.nodes = nodes;
    // Without a listener ioredis prints each of them.
    cluster.on('error', () => {});
    cluster.on('+node', (redis) => {
      redis.on('connect', () => this.nodeOf(redis.stream));
    });
  }

  get isReady(): boolean {
    return this.cluster.status === 'ready';
  }

  send(operation: OpenOperation): Sent {
    return new SentToCluster(this, commandOf(operation));
  }

  whenReady(): Promise<void> {
    return readyOrEnded(this.cluster as unknown as Parameters<typeof readyOrEnded>[0]);
  }

  disconnect(): void {
    this.cluster.disconnect();
  }

  /** The node to which a socket leads. */
  nodeOf(socket: { remoteAddress?: string | undefined; remotePort?: number | undefined }): string | null {
    const known = this.names.get(socket);
    if (known !== undefined) return known;
    const name = nodeAt(socket.remoteAddress, socket.remotePort, this.nodes);
    this.names.set(socket, name);
    return name;
  }
}

class SentToCluster implements Sent {
  readonly reply: Promise<unknown>;
  private readonly connection: ClusterConnection;
  private readonly command: ClusterCommand;
  private end: 'open' | 'resolved' | 'rejected' = 'open';

  constructor(connection: ClusterConnection, command: ClusterCommand) {
    this.connection = connection;
    this.command = command;
    this.reply = Promise.resolve(connection.cluster.sendCommand(command)).then(
      (reply) => {
        this.end = 'resolved';
        return reply;
      },
      (error: unknown) => {
        this.end = 'rejected';
        throw error;
      },
    );
  }

  get node(): string | null {
    const { socket, isAnswered } = this.command;
    if (socket === null || this.end === 'open' || (this.end === 'rejected' && !isAnswered)) return null;
    return this.connection.nodeOf(socket);
  }

  get written(): Written {
    return this.command.written;
  }

  get redirects(): number {
    const { rejections } = this.command;
    return this.end === 'rejected' ? Math.max(0, rejections - 1) : rejections;
  }

  get redirectedBy(): string | null {
    return redirectedBy(this.command.reasons.slice(0, this.redirects));
  }

  async confirm(wait: WaitOptions): Promise<number | null> {
    const { socket } = this.command;
    const redis = this.connection.cluster.nodes('all').find(({ stream }) => stream === socket);
    return redis === undefined || socket === null ? null : waitOn(redis, socket, wait);
  }
}

function commandOf({ f, key, value }: OpenOperation): ClusterCommand {
  const options = { replyEncoding: 'utf8' } as const;
  switch (f) {
    case 'add':
      return new ClusterCommand('sadd', [key, value ?? 0], options);
    case 'write':
      return new ClusterCommand('set', [key, value ?? 0], options);
    case 'read':
      return new ClusterCommand('get', [key], options);
    case 'increment':
      return new ClusterCommand('incr', [key], options);
  }
}
