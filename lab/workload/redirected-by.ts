/** Why an operation was sent on, as the history has it: `MOVED:2 CLUSTERDOWN:1`; null for no reason. */
export function redirectedBy(reasons: readonly string[]): string | null {
  if (reasons.length === 0) return null;
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${reason}:${count}`).join(' ');
}

/** What a node's answer says first: `MOVED`. */
export function codeOf(error: unknown): string {
  return error instanceof Error ? (error.message.split(' ', 1)[0] ?? '') : '';
}
