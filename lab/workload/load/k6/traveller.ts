import { prng } from '../../../common/prng.ts';
import { type Journey, type JourneyKind, sessionsEach } from '../journeys.ts';
import { config, journeyOf } from './config.ts';
import { userNumber } from './recorder.ts';
import { chooser, type Shop, shop } from './shop.ts';

/** Seconds within which an arrival rate comes round to every virtual user, so that its rows may wait for it. */
const roundSeconds = 0.2;

/** What a virtual user does in one iteration. */
export type Step = () => void;

/** A virtual user on a journey. */
export interface Traveller<J extends Journey = Journey> {
  journey: J;
  user: number;
  random: () => number;
  shop: Shop;
  /** An arrival rate paces it. */
  open: boolean;
  /** What it has recorded may wait until its next iteration. */
  holds: boolean;
  /** The label of a new session. */
  nextSession(): string;
  /** The application's user for one of its sessions. */
  account(slot: number): number;
}

/** This virtual user. The same seed and number make the same choices. */
export function traveller<K extends JourneyKind>(
  kind: K,
  name: string,
): Traveller<Extract<Journey, { kind: K }>> {
  const { workload, seed } = config;
  const journey = journeyOf(kind, name);
  const user = userNumber();
  const random = prng(`${seed}/${workload.name}/${name}/${user}`).next;
  const { perSecond, stages, maxUsers } = journey;
  const each = sessionsEach(workload.journeys);
  let sessions = 0;
  return {
    journey,
    user,
    random,
    shop: shop(journey, chooser(journey, user, random)),
    open: perSecond !== null,
    holds: perSecond === null || (stages.length === 0 && maxUsers / perSecond <= roundSeconds),
    nextSession: () => `${workload.name}:s${user}.${++sessions}`,
    account: (slot) => 1 + ((workload.firstAccount - 1 + (user - 1) * each + slot) % workload.accounts),
  };
}
