import type { Reporter } from '../../../reports/reporters/reporter.ts';

const phases: Readonly<Record<string, string>> = {
  provision: 'starting',
  heal: 'healing what is in force',
  settle: 'waiting until it is whole again',
  check: 'writing the report',
};

/** Tells in a terminal what becomes of a standing lab: its phases, and every fault that somebody injects or heals. */
export function standingReporter(
  stream: { write(text: string): unknown },
  stands: () => readonly string[],
): Reporter {
  const say = (text: string) => stream.write(`${text}\n`);
  return {
    name: 'terminal',
    onPhase(_, { name }) {
      if (name === 'disturb') for (const line of stands()) say(line);
      else if (phases[name] !== undefined) say(`${phases[name]} …`);
    },
    onEvent(_, { event }) {
      if (event.kind === 'fault') say(`${(event.at / 1000).toFixed(2).padStart(8)} s  ${event.text}`);
      if (event.kind === 'note') say(`${(event.at / 1000).toFixed(2).padStart(8)} s  note: ${event.text}`);
    },
    onRunEnded(_, { record }) {
      if (record.outcome === 'lab-failed') say(`the lab failed: ${record.reason}`);
    },
  };
}
