import type { Condition } from 'failover-lab';

/** Some node of a cluster has declared this one failing, or heard of it. */
export function failing(node: string): Condition {
  return {
    text: `${node} is declared failing`,
    seen: ({ kind, data }) => kind === 'fail' && data?.node === node,
  };
}

/** This node was promoted. */
export function promotionOf(node: string): Condition {
  return {
    text: `${node} is promoted`,
    seen: ({ kind, source }) => kind === 'promotion' && source === node,
  };
}
