import type { OrdersJourney } from '../journeys.ts';
import { ownNumber } from './config.ts';
import { stopping, think } from './recorder.ts';
import type { Step, Traveller } from './traveller.ts';
import { zipf } from './zipf.ts';

/** Ids that a virtual user may use up; with 20,000 users they still fit a 32-bit integer. */
const idsEach = 100_000;

/** Orders something; asks again under the same id where the answer was no. */
export function ordering({ journey, random, shop, user }: Traveller<OrdersJourney>): Step {
  const product = zipf(journey.products, journey.exponent, random);
  const nextId = orderIds(user);
  return () => {
    const id = nextId();
    const what = product();
    for (let attempt = 0; attempt <= journey.retries; attempt++) {
      if (shop.order(id, what) || stopping()) break;
    }
    think(journey.thinkMs, random);
  };
}

/** Ids that nobody else in the run uses. */
export function orderIds(user: number): () => number {
  let id = ownNumber(user) * idsEach;
  return () => id++;
}
