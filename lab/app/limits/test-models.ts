import type { Policy } from './algorithms.ts';

/** The definition of a limit, from nothing but the times (µs, ascending) of what it has admitted. */
export type Model = (admitted: readonly number[], now: number) => boolean;

/** Written for being obvious, not for being fast, and without a line in common with the limiters. */
export function modelOf(policy: Policy): Model {
  switch (policy.algorithm) {
    case 'fixed-window': {
      const windowOf = (at: number) => Math.floor(at / (policy.windowMs * 1000));
      return (admitted, now) => admitted.filter((at) => windowOf(at) === windowOf(now)).length < policy.limit;
    }
    case 'sliding-log':
      return (admitted, now) =>
        admitted.filter((at) => at > now - policy.windowMs * 1000).length < policy.limit;
    case 'sliding-counter': {
      const span = policy.windowMs * 1000;
      return (admitted, now) => {
        const window = Math.floor(now / span);
        const inWindow = (k: number) => admitted.filter((at) => Math.floor(at / span) === k).length;
        const weight = ((window + 1) * span - now) / span;
        return inWindow(window - 1) * weight + inWindow(window) + 1 <= policy.limit;
      };
    }
    case 'token-bucket':
    case 'leaky-bucket':
      // In every time that ends now, capacity + perSecond × its length, now's own included.
      return (admitted, now) =>
        [...admitted, now].every((from, i) => {
          const count = admitted.length - i + 1;
          return count * 1e6 <= policy.capacity * 1e6 + policy.perSecond * (now - from);
        });
  }
}
