/** Which part of the application a key belongs to, by how its name begins; the first that fits. */
const OWNERS: readonly (readonly [prefix: string, owner: string])[] = [
  ['session:', 'sessions'],
  ['sessions:', 'sessions'],
  ['cache:', 'cache'],
  ['product:', 'cache'],
  ['limit:', 'limits'],
  ['conversation:', 'conversations'],
  ['jobs:', 'jobs'],
  ['bull:', 'jobs'],
  ['{jobs}', 'jobs'],
];

/** The part's name; for a key of somebody else, its prefix up to the first colon, with an asterisk. */
export function ownerOf(key: string): string {
  const known = OWNERS.find(([prefix]) => key.startsWith(prefix));
  if (known !== undefined) return known[1];
  const colon = key.indexOf(':');
  return colon > 0 && colon <= 40 ? `${key.slice(0, colon)}:*` : 'other';
}

/** A key as it may be shown: of a session's random id only the beginning. */
export function masked(key: string): string {
  return key.replace(/^(session:\{[^}]*\}:.{4}).+$/s, '$1…');
}
