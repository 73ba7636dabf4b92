import { monotonicMs } from '../common/clock.ts';
import type { SetupProgress } from '../tools/setup-progress.ts';

/** Shows a set-up as it goes on. */
export interface SetupDisplay {
  show(progress: SetupProgress): void;
  /** Takes away what is not to stay. */
  end(): void;
}

export interface SetupDisplayOptions {
  /** Milliseconds between signs of life outside a terminal. Default 15000. */
  quietMs?: number;
}

interface Work {
  text: string;
  sinceMs: number;
}

/**
 * In a terminal: one line that follows every kit at work. Elsewhere: a line when something begins, ends or
 * fails, and a sign of life now and then, because a CI that sees no output thinks the lab is stuck.
 */
export function setupDisplay(
  stream: { write(text: string): unknown; isTTY?: boolean; columns?: number },
  options: SetupDisplayOptions = {},
): SetupDisplay {
  const terminal = stream.isTTY === true;
  const quietMs = options.quietMs ?? 15_000;
  const working = new Map<string, Work>();
  const begun = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  const erase = () => terminal && stream.write('\r\x1b[2K');
  const status = () => {
    // In a terminal each kit gets its share of the one line.
    const share = terminal ? Math.floor((stream.columns ?? 80) / working.size) - 4 : Infinity;
    const parts = [...working].map(([kit, work]) => {
      const seconds = ` (${secondsSince(work)} s)`;
      return `${kit}: ${work.text}`.slice(0, Math.max(0, share - seconds.length)) + seconds;
    });
    return parts.join(' · ');
  };
  const tick = () => {
    if (working.size === 0) return;
    if (terminal) stream.write(`\r\x1b[2K${status().slice(0, (stream.columns ?? 80) - 1)}`);
    else stream.write(`still at work: ${status()}\n`);
  };
  return {
    show({ kit, state, text }) {
      timer ??= setInterval(tick, terminal ? 200 : quietMs).unref();
      const before = working.get(kit);
      if (state === 'working') {
        if (!begun.has(kit)) begun.set(kit, monotonicMs());
        working.set(kit, { text, sinceMs: begun.get(kit) ?? 0 });
        if (!terminal && stage(before?.text) !== stage(text)) stream.write(`${kit}: ${text}\n`);
        return;
      }
      // After a failure the next way follows with a line of its own, or nothing does.
      working.delete(kit);
      erase();
      stream.write(
        state === 'done' ? `${kit}: got ${text} (${secondsSince(before)} s)\n` : `${kit}: ${text}\n`,
      );
    },
    end() {
      clearInterval(timer);
      if (timer !== undefined) erase();
    },
  };
}

/** The text without a download's running figure. */
function stage(text: string | undefined): string | undefined {
  return text?.replace(/: [\d.]+( of [\d.]+)? MB$/, '');
}

function secondsSince(work: Work | undefined): string {
  return ((work ? monotonicMs() - work.sinceMs : 0) / 1000).toFixed(0);
}
