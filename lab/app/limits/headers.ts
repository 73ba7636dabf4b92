import type { Algorithm, Decision } from './limiter.ts';

/**
 * The headers of draft-ietf-httpapi-ratelimit-headers (versions 08 to 11), structured fields (RFC 9651): the policy
 * with its quota `q` and window `w`, and what remains of it, `r`, for `t` seconds. Seconds are whole in both, so they
 * are rounded up, which a client that keeps to them errs on the safe side with.
 */
export function policyHeader(name: string, { quota, windowSeconds }: Algorithm): string {
  return `"${name}";q=${quota};w=${Math.max(1, Math.ceil(windowSeconds))}`;
}

export function limitHeader(name: string, { remaining, resetUs }: Decision): string {
  return `"${name}";r=${remaining};t=${seconds(resetUs)}`;
}

/** Retry-After of a refusal, in seconds: never sooner than `t`, and never at once. */
export function retryAfter({ resetUs }: Decision): string {
  return String(Math.max(1, seconds(resetUs)));
}

function seconds(us: number): number {
  return Math.max(0, Math.ceil(us / 1e6));
}
