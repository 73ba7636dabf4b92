/** Labels of whatever a lab makes in a Docker daemon: containers, networks, volumes. */
export const RUN_LABEL = 'failover-lab.run';
/** Whose it is, as `ownerLabel` says it. */
export const OWNER_LABEL = 'failover-lab.owner';
