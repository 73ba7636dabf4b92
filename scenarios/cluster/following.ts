import type { ClientOptions } from 'failover-lab';

/**
 * ioredis options of a cluster's client that notices a node which has fallen silent, and asks the others who owns its
 * slots now. An operation is given up after half a second; the next one may find the new owner.
 */
export const following: ClientOptions = {
  connectTimeout: 500,
  commandTimeout: 500,
  socketTimeout: 1000,
  disconnectTimeout: 200,
  slotsRefreshInterval: 500,
  slotsRefreshTimeout: 500,
};
