import type { TextStream } from './paint.ts';

const escapeSign = '\u001b';
const tokens = new RegExp(`${escapeSign}\\[\\d*[A-Za-z]|[\\s\\S]`, 'gu');
const upwards = new RegExp(`^${escapeSign}\\[(\\d+)A$`);

/** A terminal's screen in memory, for tests: understands what live-area.ts writes and wraps long lines. */
export interface FakeTerminal extends TextStream {
  columns: number;
  /** Everything that was written, as it came. */
  raw(): string;
  /** What somebody would see, scrolled-away lines included; without colours and trailing spaces. */
  screen(): string[];
}

export function fakeTerminal(columns = 80): FakeTerminal {
  let raw = '';
  let lines = [''];
  let row = 0;
  const terminal: FakeTerminal = {
    isTTY: true,
    rows: 24,
    columns,
    raw: () => raw,
    screen: () =>
      lines.map((line) => line.trimEnd()).filter((line, i) => line !== '' || i < lines.length - 1),
    write(text) {
      raw += text;
      for (const [token] of text.matchAll(tokens)) take(token);
    },
  };
  const take = (token: string) => {
    const up = upwards.exec(token);
    if (up) row = Math.max(0, row - Number(up[1]));
    else if (token === `${escapeSign}[J`) lines = [...lines.slice(0, row), ''];
    else if (token === '\n') newRow();
    else if (token === '\r' || token.startsWith(escapeSign)) return;
    else {
      if ((lines[row]?.length ?? 0) >= terminal.columns) newRow();
      lines[row] = (lines[row] ?? '') + token;
    }
  };
  const newRow = () => {
    row += 1;
    lines[row] ??= '';
  };
  return terminal;
}
