import type { LabEvent } from '../history/observations.ts';

/** Something that a schedule waits for, recognised in the events since the fault before it was injected. */
export interface Condition {
  /** Completes "until …" and "once …". */
  text: string;
  seen(event: LabEvent): boolean;
}

/** A replica was promoted, by its own log. */
export const promotion: Condition = {
  text: 'a promotion is seen',
  seen: (event) => event.kind === 'promotion',
};

/** A Sentinel announced the new primary to clients. */
export const switchAnnounced: Condition = {
  text: 'a switch is announced',
  seen: (event) => event.kind === '+switch-master',
};

/** A Sentinel holds the primary to be down. */
export const subjectivelyDown: Condition = {
  text: 'a Sentinel takes the primary for down',
  seen: (event) => event.kind === '+sdown' && event.data?.instance === 'master',
};

/** Enough Sentinels agree that the primary is down. */
export const objectivelyDown: Condition = {
  text: 'a quorum of Sentinels takes the primary for down',
  seen: (event) => event.kind === '+odown',
};

/** A node became a replica, as a returned primary does when Sentinel demotes it. */
export const demotion: Condition = {
  text: 'a demotion is seen',
  seen: (event) => event.kind === 'replica-of',
};

/** Any event of a kind: Sentinel's names with their sign, or the lab's own. */
export function event(kind: string): Condition {
  return { text: `${kind} is seen`, seen: (one) => one.kind === kind };
}
