import type { Progress } from '../../lab/run/events.ts';
import { liveArea } from './live-area.ts';
import { oneLine, type Paint, type TextStream } from './paint.ts';
import { startLine } from './plain-terminal.ts';
import type { Reporter, RunInfo } from './reporter.ts';
import { keptLine, resultLines, statusLine } from './run-lines.ts';
import { wrap } from './wrap.ts';

/** A line for each run that is under way and one for each fault in force, redrawn in place. */
export function liveTerminal(stream: TextStream, paint: Paint): Reporter {
  const area = liveArea(stream);
  const running = new Map<RunInfo, { phase: string; progress: Progress | undefined }>();
  const say = (lines: readonly string[]) =>
    area.print(lines.flatMap((line) => wrap(line, stream.columns ?? 80)).join('\n'));
  const draw = () => {
    const lines = [...running].flatMap(([run, { phase, progress }]) => [
      `▸ ${statusLine(run, phase, progress)}`,
      ...(progress?.faults ?? []).map((fault) => `    fault: ${oneLine(fault)}`),
    ]);
    area.draw(lines);
  };
  return {
    name: 'terminal',
    onRunStarted(run) {
      say([startLine(run, paint)]);
      running.set(run, { phase: run.phases[0] ?? 'starting', progress: undefined });
      draw();
    },
    onPhase(run, { name }) {
      running.set(run, { phase: name, progress: running.get(run)?.progress });
      draw();
    },
    onProgress(run, { progress }) {
      running.set(run, { phase: progress.phase, progress });
      draw();
    },
    onKept(run, { pid, look = [] }) {
      area.print([keptLine(run, pid), ...look].join('\n'));
    },
    onRunEnded(run, { record, dir }) {
      running.delete(run);
      say(resultLines(record, dir, paint));
      draw();
    },
  };
}
