/** Something that only the holder of a lock may work on, as a file or an account behind an interface. */
export interface GuardedResource {
  /** Does one step of a holder's work; false when it refuses, because a later holder has been there. */
  write(key: string, holder: string, token: number): boolean;
}

/**
 * A resource that takes whatever comes, or with `fenced` goes by the fencing tokens that holders show: it refuses one that is
 * lower than one it has seen, and the same one from somebody else (after a failover tokens are given out again).
 */
export function guardedResource(fenced: boolean): GuardedResource {
  const highest = new Map<string, { holder: string; token: number }>();
  return {
    write(key, holder, token) {
      const seen = highest.get(key);
      if (fenced && seen !== undefined) {
        if (token < seen.token || (token === seen.token && holder !== seen.holder)) return false;
      }
      highest.set(key, { holder, token });
      return true;
    },
  };
}
