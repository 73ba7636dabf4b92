import { type Journey, type JourneyOptions, journeyDefaults, usersOf } from './journeys.ts';
import type { LoadWorkload } from './load-workload.ts';
import { validateLoad } from './validate-load.ts';

/** What `users` takes. */
export interface UsersOptions {
  /** The group's name, unique in a scenario. */
  name: string;
  /** The host on which k6 runs. Default `load-1`. */
  on?: string;
  journeys: readonly JourneyOptions[];
  /** k6's own expressions by metric. Default none. */
  thresholds?: LoadWorkload['thresholds'];
  /** Users 1 to `accounts` of the application exist. Default 10,000. */
  accounts?: number;
  /** The first of those that this load uses. Default 1; a second load of a scenario may need users of its own. */
  firstAccount?: number;
  /** Another k6 script than the lab's; absolute path. Default null. */
  script?: string | null;
}

/**
 * Users of the application, driven by k6; see journeys.ts for what they do. Throws UsageError on options that do
 * not exist or make no sense.
 */
export function users(options: UsersOptions): LoadWorkload {
  const where = `load ${JSON.stringify(options.name)}`;
  const journeys = (options.journeys ?? []).map(withDefaults);
  const filled = {
    on: 'load-1',
    thresholds: {},
    accounts: 10_000,
    firstAccount: 1,
    script: null,
    ...options,
  };
  // Only a load whose journeys are right has a sum of users that is.
  const clients = journeys.reduce((sum, journey) => sum + usersOf(journey as Journey), 0);
  const workload: unknown = { ...filled, journeys, kind: 'load', clients };
  validateLoad(workload, where);
  return workload;
}

/** A kind that does not exist has no defaults, and is refused by the validation. */
function withDefaults(journey: JourneyOptions): object {
  return { name: journey.kind, ...journeyDefaults[journey.kind], ...journey };
}
