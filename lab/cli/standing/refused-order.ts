import { LabError, messageOf } from '../../common/errors.ts';
import type { Answer } from '../../run/order.ts';

/** The answer to an order that nobody could carry out. */
export function refusedOrder(error: unknown): Answer {
  return {
    ok: false,
    usage: false,
    message: messageOf(error),
    details: error instanceof LabError ? error.details : [],
  };
}
