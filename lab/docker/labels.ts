/** Labels of whatever a lab makes in a Docker daemon: containers, networks, volumes. */
export const RUN_LABEL = 'failover-lab.run';
/** Whose it is, as `ownerLabel` says it. */
export const OWNER_LABEL = 'failover-lab.owner';
/** The host on which a container of a run is. */
export const HOST_LABEL = 'failover-lab.host';
/** What runs in it: `redis-1`; the host's own name where it holds a host's network. */
export const PROCESS_LABEL = 'failover-lab.process';
