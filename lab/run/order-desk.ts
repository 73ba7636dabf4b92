import { LabError, messageOf, UsageError } from '../common/errors.ts';
import type { FaultWindow } from '../history/observations.ts';
import type { Answer, Order } from './order.ts';

/** Carries out one order; what it throws becomes the answer. */
export type Serve = (order: Order) => Promise<readonly FaultWindow[]>;

/** Where the orders to a standing lab arrive; nobody serves them before it stands, nor when it is to end. */
export interface OrderDesk {
  /** Never rejects. */
  take(order: Order): Promise<Answer>;
  open(serve: Serve): void;
  /** Takes no further orders, and resolves when those under way are done. */
  close(): Promise<void>;
}

export function orderDesk(): OrderDesk {
  let serve: Serve = async () => {
    throw new LabError('the lab does not stand yet');
  };
  const underWay = new Set<Promise<Answer>>();
  return {
    async take(order) {
      const answer = serve(order).then((faults): Answer => ({ ok: true, faults }), refusal);
      underWay.add(answer);
      try {
        return await answer;
      } finally {
        underWay.delete(answer);
      }
    },
    open(given) {
      serve = given;
    },
    async close() {
      serve = async () => {
        throw new LabError('the lab is about to end');
      };
      await Promise.all(underWay);
    },
  };
}

function refusal(error: unknown): Answer {
  return {
    ok: false,
    usage: error instanceof UsageError,
    message: messageOf(error),
    details: error instanceof LabError ? error.details : [],
  };
}
