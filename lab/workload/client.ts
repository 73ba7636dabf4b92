import { classify, isReply } from './classify.ts';
import type { Connection } from './connection.ts';
import type { OpenOperation, Operations } from './operations.ts';
import type { Plan } from './plan.ts';
import type { WaitOptions } from './workload.ts';

/** Hears that an operation has ended, whether `ok`, and when (ms since the run's start). */
export type Done = (ok: boolean, completed: number) => void;

/** What a client is made of. */
export interface ClientParts {
  /** Index in the run's table of clients. */
  index: number;
  plan: Plan;
  primary: Connection;
  /** Where it reads; the primary's connection unless the workload reads from replicas. */
  reads: Connection;
  wait: WaitOptions | null;
  operations: Operations;
}

/** One client: does planned operations and records each with its outcome. */
export class Client {
  private readonly parts: ClientParts;

  constructor(parts: ClientParts) {
    this.parts = parts;
  }

  /** Issues the next operation, `invoked` ms after the run's start. */
  issue(invoked: number, done: Done): void {
    const { index, plan, primary, reads, wait, operations } = this.parts;
    const planned = plan();
    const operation = operations.begin(index, planned, invoked);
    const connection = planned.f === 'read' ? reads : primary;
    const firstCarrier = connection.firstCarrier();
    send(connection, operation).then(
      (reply) => {
        if (planned.f !== 'add' && planned.f !== 'write')
          operation.value = reply === null ? null : Number(reply);
        if (wait !== null && planned.f !== 'read') {
          this.confirm(operation, wait, done);
        } else {
          done(true, operations.end(operation, 'ok', connection.node, null));
        }
      },
      (error: unknown) => {
        done(false, this.refuse(operation, connection, firstCarrier, error));
      },
    );
  }

  private refuse(
    operation: OpenOperation,
    connection: Connection,
    firstCarrier: number,
    error: unknown,
  ): number {
    const written = connection.written(firstCarrier);
    const { outcome, error: name } = classify(error, written);
    const answered = isReply(error) && written !== 'never';
    return this.parts.operations.end(operation, outcome, answered ? connection.node : null, name);
  }

  /**
   * WAIT after a write. It has to go over the very connection on which the write's answer came: after a
   * reconnect it may ask another server, which answers about its own offset and knows nothing of the write
   * (replication.c, waitCommand: `c->woff`, the offset at the connection's last command).
   */
  private confirm(operation: OpenOperation, wait: WaitOptions, done: Done): void {
    const { primary, operations } = this.parts;
    const { node } = primary;
    const { stream } = primary.redis;
    const end = (error: string | null) => {
      done(error === null, operations.end(operation, error === null ? 'ok' : 'info', node, error));
    };
    if (primary.redis.status !== 'ready' || !stream.writable) {
      end('connection-changed');
      return;
    }
    primary.redis.wait(wait.replicas, wait.timeoutMs).then(
      (replicas) => {
        if (primary.redis.stream !== stream) return end('connection-changed');
        end(replicas >= wait.replicas ? null : 'wait-too-few');
      },
      // Whatever the error: the write has been done on that server, and may survive.
      (error: unknown) => end(classify(error, 'once').error),
    );
  }
}

function send({ redis }: Connection, { f, key, value }: OpenOperation): Promise<unknown> {
  switch (f) {
    case 'add':
      return redis.sadd(key, value ?? 0);
    case 'write':
      return redis.set(key, value ?? 0);
    case 'read':
      return redis.get(key);
    case 'increment':
      return redis.incr(key);
  }
}
