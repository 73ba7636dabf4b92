import { widthOf } from './paint.ts';

/** Lines that somebody may copy stay whole: the terminal's own wrapping does not come along when they are copied. */
const toCopy = /^ *(run it again|judge it again|folder|seed):/;

const escapeSign = '\u001b';
const colourCodes = new RegExp(`${escapeSign}\\[\\d*m`, 'g');

/** A line's beginning below which the rest is aligned: a check's name and verdict, or the indentation. */
const aligned = /^ +\S+ +(?:valid|invalid|unknown) +/;

/** A line broken between words, so that no word is cut at a terminal's edge. */
export function wrap(line: string, columns: number): string[] {
  if (shownWidth(line) < columns || toCopy.test(line)) return [line];
  const start = aligned.exec(line)?.[0] ?? /^ */.exec(line)?.[0] ?? '';
  const hang = ' '.repeat(
    start.length <= columns / 2 && start.trim() !== '' ? start.length : leading(line) + 2,
  );
  const lines: string[] = [];
  let current = start;
  for (const word of line.slice(start.length).split(' ')) {
    const isEmpty = current.trim() === '' || current === start;
    const next = isEmpty ? current + word : `${current} ${word}`;
    if (isEmpty || shownWidth(next) < columns) current = next;
    else {
      lines.push(current);
      current = hang + word;
    }
  }
  return [...lines, current];
}

function leading(line: string): number {
  return line.length - line.trimStart().length;
}

/** Without what only switches colours. */
function shownWidth(text: string): number {
  return widthOf(text.replaceAll(colourCodes, ''));
}
