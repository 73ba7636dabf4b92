/** The names of a cluster's nodes by their ids, as far as they are known by now. */
export interface NodeIds {
  learn(id: string, name: string): void;
  /** The name, or the id's first eight characters for one that nobody knows. */
  nameOf(id: string): string;
}

export function nodeIds(): NodeIds {
  const names = new Map<string, string>();
  return {
    learn(id, name) {
      names.set(id, name);
    },
    nameOf: (id) => names.get(id) ?? id.slice(0, 8),
  };
}
