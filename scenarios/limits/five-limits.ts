import { checks } from 'failover-lab';

/** A limit in every algorithm of the application, one policy each, named after its algorithm. */
export interface FiveLimits {
  /** How many are admitted within `windowMs`; buckets hold as many, and refill (or leak) in as long. */
  limit: number;
  windowMs: number;
}

type LimitsOptions = NonNullable<Parameters<typeof checks.limits>[0]>;

export const algorithms = [
  'fixed-window',
  'sliding-log',
  'sliding-counter',
  'token-bucket',
  'leaky-bucket',
] as const;

/** For the application's settings `limits.policies`. */
export function fivePolicies({ limit, windowMs }: FiveLimits) {
  const bucket = { capacity: limit, perSecond: (limit * 1000) / windowMs };
  return {
    'fixed-window': { algorithm: 'fixed-window', limit, windowMs },
    'sliding-log': { algorithm: 'sliding-log', limit, windowMs },
    'sliding-counter': { algorithm: 'sliding-counter', limit, windowMs },
    'token-bucket': { algorithm: 'token-bucket', ...bucket },
    'leaky-bucket': { algorithm: 'leaky-bucket', ...bucket },
  } as const;
}

/** Each of them against its definition; the check is called what the algorithm is. */
export function fiveChecks(limits: FiveLimits, options: Partial<LimitsOptions> = {}) {
  const policies = fivePolicies(limits);
  return algorithms.map((name) => checks.limits({ ...options, ...policies[name], name, policy: name }));
}
