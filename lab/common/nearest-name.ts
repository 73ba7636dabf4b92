import { distance } from 'fastest-levenshtein';

/** The known name that resembles `name` most, or undefined when none is near (more than a third of it, rounded up, would have to change). */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const most = Math.ceil(name.length / 3);
  const near = known
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= most)
    .sort((a, b) => a.edits - b.edits);
  return near[0]?.candidate;
}

/** A message with a hint: the nearest known name, or all of them when none is near. */
export function withNearest(message: string, name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return `${message}; ${nearest === undefined ? `there are: ${known.join(', ')}` : `did you mean ${JSON.stringify(nearest)}?`}`;
}
