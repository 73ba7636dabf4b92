import type { Schedule, Step } from './schedule.ts';

/**
 * A schedule in words, a sentence each line: "at 0.5 s: isolate the primary until a switch is announced (12 s at
 * most), then heal". `for` and `until` heal; `then` and `once` leave in force what is in force, which is healed
 * when all lines have ended.
 */
export function scheduleText({ lines }: Schedule): string[] {
  return lines.map(({ steps }) => {
    const words = steps.map((_, i) => wordsOf(steps, i)).join('');
    return `${words}${endOf(steps, lines.length > 1)}`.trimEnd();
  });
}

function wordsOf(steps: readonly Step[], i: number): string {
  const [before, step, next] = [steps[i - 1], steps[i] as Step, steps[i + 1]];
  const isHealed = next?.do === 'heal';
  const afterFault = before?.do === 'inject';
  switch (step.do) {
    case 'inject':
      return `${before === undefined || i === 1 ? '' : before.do === 'wait-until' ? ', ' : '; then '}${step.fault.text}`;
    case 'heal':
      return ', then heal';
    case 'wait-until': {
      const seen = `${step.condition.text} (${inSeconds(step.withinMs)} at most)`;
      if (isHealed && afterFault) return ` until ${seen}`;
      // What follows "once" is a clause of its own; without one the schedule only waits.
      return `${i <= 1 && !afterFault ? '' : '; '}${next === undefined || isHealed ? 'wait until' : 'once'} ${seen}`;
    }
    case 'wait':
      if (i === 0) return `at ${inSeconds(step.ms)}: `;
      if (step.ms === 0) return '';
      if (isHealed && afterFault) return ` for ${inSeconds(step.ms)}`;
      return `${before?.do === 'wait-until' ? ', ' : '; '}wait ${inSeconds(step.ms)}`;
  }
}

/** What becomes of the faults that the line itself does not heal. */
function endOf(steps: readonly Step[], amongOthers: boolean): string {
  const count = (what: Step['do']) => steps.filter((step) => step.do === what).length;
  if (count('inject') <= count('heal')) return '';
  if (amongOthers) return '; healed when all lines have ended';
  return steps.at(-1)?.do === 'inject' ? '; healed at the end' : '; then heal';
}

function inSeconds(ms: number): string {
  return `${ms / 1000} s`;
}
