import type { Journey, JourneyKind } from '../journeys.ts';
import type { ScriptConfig } from '../load-protocol.ts';

/** What the lab wants of this load. */
export const config = JSON.parse(__ENV.LAB_LOAD ?? '{}') as ScriptConfig;

/** The journey of a scenario, by its name; every virtual user has one. */
export function journeyOf<K extends JourneyKind>(kind: K, name: string): Extract<Journey, { kind: K }> {
  const is = (one: Journey): one is Extract<Journey, { kind: K }> => one.kind === kind && one.name === name;
  const journey = config.workload.journeys.find(is);
  if (journey === undefined) throw new Error(`expected a journey ${name} (${kind}), got none`);
  return journey;
}

/**
 * A virtual user's number that no other group's has: k6 counts from 1 to one more than there are users, because the
 * lab has one of its own, while a group's indexes in the run's table leave no room for it.
 */
export function ownNumber(user: number): number {
  return 2 * config.firstIndex + user;
}
