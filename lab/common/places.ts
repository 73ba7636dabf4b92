/** Names by place, so that what holds many of them can hold places instead. */
export interface Places {
  /** The name's place; a new one comes behind all others. */
  of(name: string): number;
  /** All names, in the order of their places. */
  all(): string[];
}

/** Gives each name a place, from 0 on, in the order in which they come. */
export function places(): Places {
  const known = new Map<string, number>();
  return {
    of(name) {
      const place = known.get(name) ?? known.size;
      known.set(name, place);
      return place;
    },
    all: () => [...known.keys()],
  };
}
