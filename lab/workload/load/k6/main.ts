/** The lab's k6 script: one exported function for each kind of journey, which k6's scenarios name. */
import { sleep } from 'k6';
import exec from 'k6/execution';
import type { Journey, JourneyKind, SlowRequestJourney } from '../journeys.ts';
import { k6Options } from '../k6-options.ts';
import { labFigures, realThreshold } from '../real-time.ts';
import { browsing } from './browsing.ts';
import { config } from './config.ts';
import { loginStorm } from './login-storm.ts';
import { ordering } from './ordering.ts';
import { probing } from './probing.ts';
import { enter, leave, stopping, tellTime } from './recorder.ts';
import { revocations } from './revocations.ts';
import { sessions } from './sessions.ts';
import { raceWithLogout } from './slow-request.ts';
import { talking } from './talking.ts';
import { type Step, type Traveller, traveller } from './traveller.ts';

export const options = k6Options(config.workload, config.labTime.speed);

/** The function of a kind. What a virtual user remembers lives in its copy of this module, for it is on one journey. */
function iterations<K extends JourneyKind>(
  kind: K,
  begin: (self: Traveller<Extract<Journey, { kind: K }>>) => Step,
): () => void {
  let step: Step | undefined;
  let open = false;
  let holds = false;
  return () => {
    if (step === undefined) {
      const self = traveller(kind, exec.scenario.name);
      ({ open, holds } = self);
      step = begin(self);
    }
    if (!enter(open)) return;
    step();
    leave(holds);
  };
}

export const session = iterations('session', sessions);
export const login_storm = iterations('login-storm', loginStorm);
export const revocation = iterations('revocation', revocations);
export const catalogue = iterations('catalogue', browsing);
export const limits = iterations('limits', probing);
export const orders = iterations('orders', ordering);
export const conversations = iterations('conversations', talking);

let slow: Traveller<SlowRequestJourney> | undefined;

/** Two requests at once need k6's event loop. */
export async function slow_request(): Promise<void> {
  slow ??= traveller('slow-request', exec.scenario.name);
  if (!enter(slow.open)) return;
  await raceWithLogout(slow);
  leave(slow.holds);
}

export function control(): void {
  tellTime();
  while (!stopping()) sleep(3600);
}

/** A threshold as the workload has it: k6 was told it in real time. */
function asWritten(metric: string, told: string): string {
  const all = config.workload.thresholds[metric] ?? [];
  return all.find((each) => realThreshold(metric, each, config.labTime.speed) === told) ?? told;
}

interface Summary {
  metrics: Record<string, { values: Record<string, number>; thresholds?: Record<string, { ok: boolean }> }>;
}

export function handleSummary({ metrics }: Summary): { stdout: string } {
  const entries = Object.entries(metrics);
  const thresholds = entries.flatMap(([metric, { thresholds = {} }]) =>
    Object.entries(thresholds).map(([told, { ok }]) => ({ metric, expression: asWritten(metric, told), ok })),
  );
  const { speed } = config.labTime;
  const figures = Object.fromEntries(
    entries.map(([metric, { values }]) => [metric, labFigures(metric, values, speed)]),
  );
  return { stdout: `\n~S${JSON.stringify({ thresholds, metrics: figures })}\n` };
}
