import type { Static } from 'typebox';
import { fixedWindow } from './fixed-window.ts';
import { leakyBucket } from './leaky-bucket.ts';
import type { Algorithm } from './limiter.ts';
import type { policySettings } from './settings.ts';
import { slidingCounter } from './sliding-counter.ts';
import { slidingLog } from './sliding-log.ts';
import { tokenBucket } from './token-bucket.ts';

export type Policy = Static<typeof policySettings>;

/** The algorithm of a policy, with the policy's figures filled in. */
export function algorithmOf(policy: Policy): Algorithm {
  switch (policy.algorithm) {
    case 'fixed-window':
      return fixedWindow(policy);
    case 'sliding-log':
      return slidingLog(policy);
    case 'sliding-counter':
      return slidingCounter(policy);
    case 'token-bucket':
      return tokenBucket(policy);
    case 'leaky-bucket':
      return leakyBucket(policy);
  }
}
