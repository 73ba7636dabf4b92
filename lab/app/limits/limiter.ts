/** What was decided about one request. Times in µs. */
export interface Decision {
  admitted: boolean;
  /** How many more would be admitted now. */
  remaining: number;
  /** Refused: until one would be admitted. Admitted: until there is more to be had than `remaining`. */
  resetUs: number;
  /** The decision's time by the clock that counted, Unix µs. */
  atUs: number;
}

/** Counts requests by key and decides about each. */
export interface Limiter {
  /** Rejects when it could not decide; whether the request was counted is then unknown. */
  decide(key: string): Promise<Decision>;
}

/** The count of one key in memory. Its clock never goes back. */
export interface Count {
  decide(nowUs: number): Decision;
}

/** One way of limiting with its figures filled in: as a script for Redis, and the same in memory. */
export interface Algorithm {
  /** Stands at the end of the key, so that a policy that changes its algorithm finds no state that it cannot read. */
  tag: string;
  /**
   * The rest of a Lua script that finds the time in `now` (Unix µs), one key and `args` as ARGV, and returns
   * `{remaining, resetUs, now}`, with −1 remaining for a refusal. It always sets a TTL where it writes.
   */
  script: string;
  args: readonly string[];
  /** How many the policy admits, and in how many seconds, for the header RateLimit-Policy. */
  quota: number;
  windowSeconds: number;
  /** A new count in memory of so large a share of the limit, of one at least. */
  count(share: number): Count;
}
