/**
 * The addresses that nodes have besides their hosts' own, by backend and the node's number. In containers link-local
 * ones, which Docker gives without any capability.
 */
export const nodeAddresses = {
  namespaces: (number: number) => `198.18.0.${number}`,
  containers: (number: number) => `169.254.1.${number}`,
} as const;
