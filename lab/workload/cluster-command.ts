import type { Socket } from 'node:net';
import { Command } from 'ioredis';
import { isReply, type Written } from './classify.ts';
import { codeOf } from './redirected-by.ts';

/**
 * A command for ioredis' Cluster that keeps account of its way, which ioredis does not tell: on which sockets it
 * was written (`toWritable` is called each time, and for nothing else: Redis.js, sendCommand), and how each of
 * those ended. A cluster's client rejects a command that a node has refused, and its own `reject` sends it on
 * (cluster/index.js, sendCommand and handleError).
 */
export class ClusterCommand extends Command {
  /** The socket on which it was written last; null while it was on none. */
  socket: Socket | null = null;
  /** How often its sending was refused or broken off and it was not given up; one more once it was given up. */
  rejections = 0;
  /** Why each time: the answer's code, or `connection`. */
  readonly reasons: string[] = [];
  /** Whether its last end was a node's answer, so that `socket` leads to the node that gave it. */
  isAnswered = false;
  /** Written, without an answer so far. */
  private isOpen = false;
  /** Whether a connection was lost with it: whoever had it may have executed it. */
  private isLost = false;

  override toWritable(socket: Socket): string | Buffer {
    // Sent again by the same node's client after a reconnect.
    if (this.isOpen) this.isLost = true;
    this.isOpen = true;
    this.socket = socket;
    return super.toWritable(socket);
  }

  /** How far it can have come. `refused`: each node to which it was written has refused it. */
  get written(): Written {
    if (this.socket === null) return 'never';
    if (this.isLost) return 'perhaps';
    return this.isOpen ? 'once' : 'refused';
  }

  /** Hears of each rejection before ioredis' cluster client decides what to do about it. */
  rejected(error: unknown): void {
    this.rejections++;
    this.isAnswered = this.isOpen && isReply(error);
    this.reasons.push(this.isAnswered ? codeOf(error) : 'connection');
    // A command that timed out stays in its queue, and may be answered yet.
    if (this.isOpen && !this.isAnswered) this.isLost = true;
    this.isOpen = false;
  }
}

/**
 * The base class sets `reject` when it is made, the cluster's client puts its own around it, and whoever has the
 * command calls that one. Only calls of that outer one are rejections of a sending.
 */
const outer = Symbol('outer reject');
const inner = Symbol('inner reject');
type Reject = (error: Error) => void;
interface Rejectable extends ClusterCommand {
  [inner]?: Reject;
  [outer]?: Reject;
}
Object.defineProperty(ClusterCommand.prototype, 'reject', {
  get(this: Rejectable): Reject | undefined {
    return this[outer] ?? this[inner];
  },
  set(this: Rejectable, reject: Reject) {
    if (this[inner] === undefined) {
      this[inner] = reject;
      return;
    }
    this[outer] = (error) => {
      this.rejected(error);
      reject.call(this, error);
    };
  },
});
