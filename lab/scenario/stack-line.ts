import path from 'node:path';

/** " (at file.ts:3:7)" when an error's stack names a line of the file, otherwise nothing. */
export function stackLine(error: unknown, file: string): string {
  if (!(error instanceof Error)) return '';
  const line = error.stack?.split('\n').find((one) => one.includes(path.basename(file)) && /:\d+/.test(one));
  const place = line && /([^/\s(]+:\d+(?::\d+)?)\)?$/.exec(line.trim());
  return place ? ` (at ${place[1]})` : '';
}
