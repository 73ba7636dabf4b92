import type { Progress } from '../../lab/run/events.ts';
import type { RunOutcome, RunRecord } from '../../lab/run/record.ts';
import { countText, secondsText } from './amounts.ts';
import { type Colour, oneLine, type Paint } from './paint.ts';
import type { RunInfo } from './reporter.ts';

/** `split-brain vulnerable`: a run, for the lines about it. */
export function runName({ scenario, variant }: RunInfo): string {
  return `${oneLine(scenario)} ${variant}`;
}

/** What a run is doing, on one line; the important things first, because a narrow window cuts the end off. */
export function statusLine(run: RunInfo, phase: string, progress: Progress | undefined): string {
  const parts = [runName(run), oneLine(phase)];
  if (progress !== undefined) parts.push(secondsText(progress.at), ...figuresOf(progress));
  return parts.join('  ');
}

/** Speed, losses and errors of a run so far. */
export function figuresOf({ opsPerSecond, lost, fail, info }: Progress): string[] {
  const parts = [`${countText(opsPerSecond)} ops/s`];
  // What the present primary lacks: 0 is the usual case, and a narrow line has no room for it.
  if (lost !== null && lost > 0) parts.push(`lost ${countText(lost)}`);
  if (fail > 0) parts.push(`failed ${countText(fail)}`);
  if (info > 0) parts.push(`unknown ${countText(info)}`);
  return parts;
}

const outcomeLooks: Readonly<Record<RunOutcome, readonly [string, Colour, string]>> = {
  'as-expected': ['✓', 'green', 'as expected'],
  unexpected: ['✗', 'red', 'NOT AS EXPECTED'],
  inconclusive: ['?', 'yellow', 'inconclusive'],
  'lab-failed': ['!', 'magenta', 'the lab failed'],
};

/** An outcome with its sign, painted. */
export function outcomeText(outcome: RunOutcome, paint: Paint): string {
  const [sign, colour, words] = outcomeLooks[outcome];
  return paint(colour, `${sign} ${words}`);
}

/** How a run ended, in a few lines that stay: outcome, claim, checks, what was expected and not found, what to do next. */
export function resultLines(record: RunRecord, dir: string, paint: Paint): string[] {
  const name = paint('bold', `${oneLine(record.scenario.name)} ${record.variant}`);
  const lines = [`${outcomeText(record.outcome, paint)}  ${name}  ${durationText(record)}`];
  lines.push(`  claim: ${oneLine(record.scenario.claim)}`);
  if (record.outcome !== 'as-expected') lines.push(...reasonLines(record.reason, paint));
  lines.push(...serverLines(record));
  const longest = Math.max(0, ...record.checks.map((check) => check.name.length));
  for (const { name: check, verdict, summary } of record.checks) {
    lines.push(`  ${oneLine(check).padEnd(longest)}  ${verdict.padEnd(7)}  ${oneLine(summary)}`);
  }
  // Where the lab failed every expectation is undecided, which the outcome has said.
  if (record.outcome !== 'lab-failed') lines.push(...expectationLines(record, paint));
  if (record.outcome !== 'as-expected') lines.push(...againLines(record));
  return [...lines, paint('dim', `  folder: ${oneLine(dir)}`)];
}

/** Where the server is known to differ from the claim, and what was done without. */
function serverLines({ knownDifference, seen }: RunRecord): string[] {
  const known =
    knownDifference === undefined
      ? []
      : [
          `  differs, as is known of ${oneLine(knownDifference.on)}: ${oneLine(knownDifference.because)}`,
          `    source: ${oneLine(knownDifference.source)}`,
        ];
  const fallbacks = seen.events.filter(({ kind }) => kind === 'fallback');
  return [...known, ...fallbacks.map(({ text }) => `  done without: ${oneLine(text)}`)];
}

/** `13.4 s`, or of a run on a clock of its own `134.2 s of lab time, really 13.4 s (speed 10)`. */
export function durationText({
  durationMs,
  speed,
  realDurationMs = durationMs,
}: Pick<RunRecord, 'durationMs' | 'speed' | 'realDurationMs'>): string {
  if (speed === undefined) return secondsText(durationMs);
  return `${secondsText(durationMs)} of lab time, really ${secondsText(realDurationMs)} (speed ${speed})`;
}

/** The reason, and below it the details of a failure (a process's own log, say). */
function reasonLines(reason: string, paint: Paint): string[] {
  const [first = '', ...details] = reason.split('\n');
  return [
    `  ${paint('bold', 'why:')} ${oneLine(first)}`,
    ...details.map((line) => `       ${oneLine(line)}`),
  ];
}

/** That a kept run still stands, and for how long. */
export function keptLine(run: RunInfo, pid: number): string {
  return `${runName(run)}: everything still stands (process ${pid}); Ctrl-C takes it down`;
}

function expectationLines({ expectations }: RunRecord, paint: Paint): string[] {
  return expectations
    .filter((each) => each.met !== 'yes')
    .flatMap((each) => {
      const bounds = Object.entries(each.figures ?? {}).map(([path, { min, max }]) =>
        [oneLine(path), min === undefined ? '' : `≥ ${min}`, max === undefined ? '' : `≤ ${max}`]
          .filter(Boolean)
          .join(' '),
      );
      const verdict = each.verdict === 'any' ? [] : [each.verdict];
      const word = each.met === 'no' ? paint('red', '✗ expected') : paint('yellow', '? undecided, expected');
      return [
        `  ${word} ${oneLine(each.check)}: ${[...verdict, ...bounds].join(', ')}; found: ${oneLine(each.found)}`,
        `      because ${oneLine(each.because)}`,
      ];
    });
}

function againLines({ seed, commands }: RunRecord): string[] {
  return [
    `  seed: ${seed}`,
    `  run it again:   ${oneLine(commands.replay)}`,
    `  judge it again: ${oneLine(commands.check)}`,
  ];
}
