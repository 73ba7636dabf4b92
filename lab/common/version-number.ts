/** Below zero when `a` is the older version, above when `b` is; missing parts count as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10) || 0);
}

/** Which versions fit: `minimum` and later, but earlier than `below` where that is given. */
export interface VersionRange {
  minimum: string;
  below?: string;
}

export function fits(version: string, range: VersionRange): boolean {
  if (compareVersions(version, range.minimum) < 0) return false;
  return range.below === undefined || compareVersions(version, range.below) < 0;
}

/** "7.0.0 or later", "2.12.0 or later but below 3.0.0". */
export function rangeText(range: VersionRange): string {
  return `${range.minimum} or later${range.below === undefined ? '' : ` but below ${range.below}`}`;
}
