import type { Checker } from '../lab/checkers/checker.ts';
import { counter } from '../lab/checkers/counter.ts';
import { register } from '../lab/checkers/register.ts';
import { sessions } from '../lab/checkers/sessions.ts';
import { set } from '../lab/checkers/set.ts';
import type { History } from '../lab/history/operation.ts';
import type { Figure } from './figure.ts';
import { syntheticHistory, syntheticObservations } from './synthetic-history.ts';
import { syntheticSessions } from './synthetic-sessions.ts';

const million = 1_000_000;
const timesMore = 10;

/**
 * How long the checkers of data take: on 1,000,000 operations, and whether 10,000,000 take ten times as long.
 * The ratio is the time for each operation at 10,000,000 ÷ that at 1,000,000, in CPU time of the thread, which
 * other work on the machine does not lengthen: 1 is linear, and the bar leaves room for caches and n log n.
 */
export async function checkers(runs = 5): Promise<Figure[]> {
  return (['set', 'register', 'counter', 'sessions'] as const).flatMap((subject) => {
    const checker = { set, register, counter, sessions }[subject]();
    const few = timesOf(checker, subject, million, runs);
    const many = timesOf(checker, subject, million * timesMore, runs);
    const usual = few.map(({ cpu }) => cpu).sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
    return [
      {
        name: `${subject} checker, 1,000,000 operations`,
        unit: 's',
        samples: few.map(({ wall }) => wall),
        bar: { max: 1.5 },
      },
      {
        name: `${subject} checker, per operation: 10,000,000 ÷ 1,000,000`,
        unit: 'ratio',
        samples: many.map(({ cpu }) => cpu / timesMore / usual),
        bar: { max: 1.5 },
      },
    ];
  });
}

/** Seconds. */
interface Times {
  wall: number;
  cpu: number;
}

type Subject = Parameters<typeof syntheticHistory>[0] | 'sessions';

function timesOf(checker: Checker, subject: Subject, length: number, runs: number): Times[] {
  const history = subject === 'sessions' ? syntheticSessions(length) : syntheticHistory(subject, length);
  return Array.from({ length: runs }, () => time(checker, history));
}

function time(checker: Checker, history: History): Times {
  const from = performance.now();
  const before = process.threadCpuUsage();
  const { verdict, summary } = checker.check({ history, seen: syntheticObservations });
  const { user, system } = process.threadCpuUsage(before);
  if (verdict === 'unknown') throw new Error(`the ${checker.name} checker could not judge: ${summary}`);
  return { wall: (performance.now() - from) / 1000, cpu: (user + system) / 1e6 };
}
