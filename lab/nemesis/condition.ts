import type { LabEvent } from '../history/observations.ts';

/** Something that a schedule waits for, recognised in the events since the fault before it was injected. */
export interface Condition {
  /** Completes "until …". */
  text: string;
  seen(event: LabEvent): boolean;
}

/** A replica was promoted, by its own log. */
export const promotion: Condition = { text: 'promotion seen', seen: (event) => event.kind === 'promotion' };

/** A Sentinel announced the new primary to clients. */
export const switchAnnounced: Condition = {
  text: 'switch announced',
  seen: (event) => event.kind === '+switch-master',
};

/** A Sentinel holds the primary to be down. */
export const subjectivelyDown: Condition = {
  text: 'primary subjectively down',
  seen: (event) => event.kind === '+sdown' && event.data?.instance === 'master',
};

/** Enough Sentinels agree that the primary is down. */
export const objectivelyDown: Condition = {
  text: 'primary objectively down',
  seen: (event) => event.kind === '+odown',
};

/** A node became a replica, as a returned primary does when Sentinel demotes it. */
export const demotion: Condition = { text: 'demotion seen', seen: (event) => event.kind === 'replica-of' };

/** Any event of a kind: Sentinel's names with their sign, or the lab's own. */
export function event(kind: string): Condition {
  return { text: `${kind} seen`, seen: (one) => one.kind === kind };
}
