import type { NodeAddress } from '../mesh/address-book.ts';
import { CLUSTER_FILE } from './cluster-birth.ts';
import type { Directives } from './directives.ts';
import type { Timing } from './timing.ts';

/** What makes a server a node of a cluster, in its redis.conf. */
export function clusterDirectives(address: NodeAddress, timing: Pick<Timing, 'nodeTimeoutMs'>): Directives {
  return {
    'cluster-enabled': 'yes',
    'cluster-config-file': CLUSTER_FILE,
    'cluster-node-timeout': timing.nodeTimeoutMs,
    'cluster-announce-ip': address.announced,
  };
}
