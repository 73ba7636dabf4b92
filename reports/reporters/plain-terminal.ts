import type { Progress } from '../../lab/run/events.ts';
import { secondsText } from './amounts.ts';
import { oneLine, type Paint, type TextStream } from './paint.ts';
import type { Reporter, RunInfo } from './reporter.ts';
import { figuresOf, keptLine, resultLines, runName } from './run-lines.ts';

/** Progress without a change is told this often, so that a log shows life and stays short. */
const everyMs = 5000;

/** One plain line for each thing that happens, marked with the run that it belongs to. */
export function plainTerminal(stream: TextStream, paint: Paint): Reporter {
  const states = new Map<RunInfo, { faults: readonly string[]; toldAt: number }>();
  const say = (run: RunInfo, at: number, text: string) =>
    stream.write(`[${runName(run)}] ${secondsText(at).padStart(7)}  ${oneLine(text)}\n`);
  return {
    name: 'terminal',
    onRunStarted(run) {
      states.set(run, { faults: [], toldAt: 0 });
      stream.write(`${startLine(run, paint)}\n`);
    },
    onPhase(run, { name, at }) {
      say(run, at, `phase: ${name}`);
    },
    onProgress(run, { progress }) {
      const state = states.get(run) ?? { faults: [], toldAt: 0 };
      const { at, faults } = progress;
      for (const fault of faults.filter((each) => !state.faults.includes(each)))
        say(run, at, `fault in force: ${fault}`);
      for (const fault of state.faults.filter((each) => !faults.includes(each)))
        say(run, at, `fault over: ${fault}`);
      const isDue = at - state.toldAt >= everyMs;
      if (isDue) say(run, at, progressText(progress));
      states.set(run, { faults, toldAt: isDue ? at : state.toldAt });
    },
    onKept(run, { pid, look = [] }) {
      stream.write(`${[keptLine(run, pid), ...look].join('\n')}\n`);
    },
    onRunEnded(run, { record, dir }) {
      states.delete(run);
      stream.write(`${resultLines(record, dir, paint).join('\n')}\n`);
    },
  };
}

/** Who runs, with what seed: first of all, so that it can be run again whatever happens. */
export function startLine(run: RunInfo, paint: Paint): string {
  return `${paint('bold', runName(run))}: ${oneLine(run.title)} (${run.timing} timing, ${run.speed === 1 ? '' : `speed ${run.speed}, all times in lab time, `}seed ${run.seed})`;
}

function progressText(progress: Progress): string {
  return [oneLine(progress.phase), ...figuresOf(progress)].join(', ');
}
