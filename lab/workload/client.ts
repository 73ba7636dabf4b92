import { classify } from './classify.ts';
import type { OpenOperation, Operations } from './operations.ts';
import type { Plan } from './plan.ts';
import type { Connection, Sent } from './sent.ts';
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
    const sent = (planned.f === 'read' ? reads : primary).send(operation);
    sent.reply.then(
      (reply) => {
        if (planned.f !== 'add' && planned.f !== 'write')
          operation.value = reply === null ? null : Number(reply);
        if (wait !== null && planned.f !== 'read') {
          this.confirm(operation, sent, wait, done);
        } else {
          done(true, operations.end(operation, 'ok', sent.node, null, sent.redirects, sent.redirectedBy));
        }
      },
      (error: unknown) => {
        const { outcome, error: name } = classify(error, sent.written);
        done(false, operations.end(operation, outcome, sent.node, name, sent.redirects, sent.redirectedBy));
      },
    );
  }

  /** WAIT after a write. Without enough replicas in time it stays open whether the write survives. */
  private confirm(operation: OpenOperation, sent: Sent, wait: WaitOptions, done: Done): void {
    const { operations } = this.parts;
    const { node, redirects, redirectedBy } = sent;
    const end = (error: string | null) => {
      const outcome = error === null ? 'ok' : 'info';
      done(error === null, operations.end(operation, outcome, node, error, redirects, redirectedBy));
    };
    sent.confirm(wait).then(
      (replicas) => {
        if (replicas === null) return end('connection-changed');
        end(replicas >= wait.replicas ? null : 'wait-too-few');
      },
      // Whatever the error: the write has been done on that server, and may survive.
      (error: unknown) => end(classify(error, 'once').error),
    );
  }
}
