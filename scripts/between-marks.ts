import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);

/** What stands between a document's two marks, `<!-- name: begin -->` and `<!-- name: end -->`. */
export function betweenMarks(file: string, mark: string): string {
  const { whole, begin, end } = split(file, mark);
  return whole.slice(begin, end);
}

/** Replaces what stands between a document's two marks. */
export function writeBetweenMarks(file: string, mark: string, text: string): void {
  const { name, whole, begin, end } = split(file, mark);
  writeFileSync(name, `${whole.slice(0, begin)}\n\n${text}\n${whole.slice(end)}`);
}

function split(file: string, mark: string) {
  const name = path.join(root, file);
  const whole = readFileSync(name, 'utf8');
  const [first, last] = [`<!-- ${mark}: begin -->`, `<!-- ${mark}: end -->`];
  const [begin, end] = [whole.indexOf(first) + first.length, whole.indexOf(last)];
  if (begin < first.length || end < begin)
    throw new Error(`${file}: expected ${first} and ${last}, got no such marks`);
  return { name, whole, begin, end };
}
