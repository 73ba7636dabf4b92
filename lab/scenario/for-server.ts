import { isServerIn, type ServerId, serverRangeText } from '../common/server.ts';
import type { ServerDifference } from '../run/record.ts';
import type { Experiment } from './scenario.ts';

/** The experiment as it is to be judged on a server: with what is expected there, where that is known to differ. */
export function forServer(
  experiment: Experiment,
  server: ServerId,
): { experiment: Experiment; knownDifference: ServerDifference | null } {
  const known = experiment.differs?.find(({ on }) => isServerIn(server, on));
  if (known === undefined) return { experiment, knownDifference: null };
  const { on, because, source, expect } = known;
  return {
    experiment: { ...experiment, expect },
    knownDifference: { on: serverRangeText(on), because, source },
  };
}
