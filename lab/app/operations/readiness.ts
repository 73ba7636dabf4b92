/** What GET /ready answers. */
export interface Readiness {
  ready: boolean;
  /** Why not, by name of the check; empty when ready. */
  reasons: Record<string, string>;
  /** What is away and can be done without, by name of the check. */
  degraded: Record<string, string>;
}

type Check = () => Promise<string | null>;

/** The checks of all parts. */
export interface ReadinessChecks {
  /** `isRequired` is asked each time; false: a reason makes the instance degraded, not unready. Default: always. */
  add(name: string, check: Check, isRequired?: () => boolean): void;
  /** Asks all of them side by side. */
  ask(): Promise<Readiness>;
}

/** A check that throws, or takes longer than `withinMs`, is a reason too. */
export function readinessChecks(withinMs: number): ReadinessChecks {
  const checks = new Map<string, { check: Check; isRequired: () => boolean }>();
  return {
    add: (name, check, isRequired = () => true) => void checks.set(name, { check, isRequired }),
    async ask() {
      const result: Readiness = { ready: true, reasons: {}, degraded: {} };
      const asked = [...checks].map(async ([name, { check, isRequired }]) => {
        const reason = await answer(check, withinMs);
        if (reason === null) return;
        if (isRequired()) result.reasons[name] = reason;
        else result.degraded[name] = reason;
      });
      await Promise.all(asked);
      result.ready = Object.keys(result.reasons).length === 0;
      return result;
    },
  };
}

async function answer(check: Check, withinMs: number): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, withinMs, `no answer within ${withinMs} ms`);
  });
  try {
    return await Promise.race([check(), late]);
  } catch {
    return 'unreachable';
  } finally {
    clearTimeout(timer);
  }
}
