/** One piece of work at a time for a key; who comes meanwhile gets the same result. */
export interface Flights<T> {
  /** Joins the work under way, or begins it. `joined` says which. */
  run(key: string, work: () => Promise<T>): { joined: boolean; result: Promise<T> };
  /** Whether there is work under way for the key. */
  has(key: string): boolean;
  /** Nobody joins any more what is under way: its result may be old. */
  forget(key: string): void;
}

export function flights<T>(): Flights<T> {
  const underWay = new Map<string, Promise<T>>();
  return {
    run(key, work) {
      const known = underWay.get(key);
      if (known !== undefined) return { joined: true, result: known };
      const result = work().finally(() => {
        if (underWay.get(key) === result) underWay.delete(key);
      });
      underWay.set(key, result);
      return { joined: false, result };
    },
    has: (key) => underWay.has(key),
    forget: (key) => void underWay.delete(key),
  };
}
