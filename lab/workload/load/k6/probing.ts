import type { LimitsJourney } from '../journeys.ts';
import { think } from './recorder.ts';
import type { Step, Traveller } from './traveller.ts';

/** Asks under one of the policies on behalf of one of the clients, whom all virtual users share. */
export function probing({ journey, random, shop }: Traveller<LimitsJourney>): Step {
  const { policies, keys, thinkMs } = journey;
  return () => {
    const policy = policies[Math.floor(random() * policies.length)] ?? '';
    shop.probe(policy, `c${1 + Math.floor(random() * keys)}`);
    think(thinkMs, random);
  };
}
