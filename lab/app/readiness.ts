/** What GET /ready answers. */
export interface Readiness {
  ready: boolean;
  /** Why not; empty when ready. By name of the check. */
  reasons: Record<string, string>;
}

/** Collects the checks of all parts and asks them side by side. */
export interface ReadinessChecks {
  add(name: string, check: () => Promise<string | null>): void;
  ask(): Promise<Readiness>;
}

/** A check that throws, or takes longer than `withinMs`, is a reason to be unready. */
export function readinessChecks(withinMs: number): ReadinessChecks {
  const checks = new Map<string, () => Promise<string | null>>();
  return {
    add: (name, check) => void checks.set(name, check),
    async ask() {
      const asked = [...checks].map(async ([name, check]) => [name, await answer(check, withinMs)] as const);
      const reasons: Record<string, string> = {};
      for (const [name, reason] of await Promise.all(asked)) if (reason !== null) reasons[name] = reason;
      return { ready: Object.keys(reasons).length === 0, reasons };
    },
  };
}

async function answer(check: () => Promise<string | null>, withinMs: number): Promise<string | null> {
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
