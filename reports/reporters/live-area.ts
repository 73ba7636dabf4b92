import { clip, type TextStream, widthOf } from './paint.ts';

/** The lines at the bottom of a terminal that are redrawn in place; everything else scrolls by above them. */
export interface LiveArea {
  /** Replaces the lines. Each is cut to the terminal's width; what does not fit on the screen is counted instead. */
  draw(lines: readonly string[]): void;
  /** Writes text that stays, above the lines. */
  print(text: string): void;
}

export function liveArea(stream: TextStream): LiveArea {
  let shown: readonly string[] = [];
  const columns = () => Math.max(8, stream.columns ?? 80);
  /** Back to the first of our lines. A line that was cut for a wider window has been wrapped by the narrower one. */
  const erase = () => {
    const height = shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns())), 0);
    return height === 0 ? '' : `\u001b[${height}A\r\u001b[J`;
  };
  const cut = (lines: readonly string[]) => {
    const most = Math.max(2, (stream.rows ?? 24) - 2);
    const rest = lines.length - most + 1;
    const fitting = rest > 1 ? [...lines.slice(0, most - 1), `… and ${rest} more lines`] : lines;
    // One column stays free: a full line makes some terminals wrap.
    return fitting.map((line) => clip(line, columns() - 1));
  };
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  return {
    draw(lines) {
      const next = cut(lines);
      stream.write(erase() + text(next));
      shown = next;
    },
    print(permanent) {
      stream.write(`${erase()}${permanent}\n${text(shown)}`);
    },
  };
}
