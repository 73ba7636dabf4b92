/** All places are taken, and none became free in time. */
export class GateFull extends Error {
  override readonly name = 'GateFull';
}

/** Lets so many in at once. */
export interface FillGate {
  /** Runs it once there is a place. Throws GateFull when there was none in time. */
  run<T>(fill: () => Promise<T>): Promise<T>;
}

/** `places` null: any number. Who waits is let in in order of arrival, within `waitMs` or never. */
export function fillGate(places: number | null, waitMs: number): FillGate {
  if (places === null) return { run: (fill) => fill() };
  let free = places;
  const waiting = new Set<() => void>();
  const enter = () =>
    new Promise<void>((resolve, reject) => {
      if (free > 0) {
        free--;
        resolve();
        return;
      }
      const late = setTimeout(() => {
        waiting.delete(admit);
        reject(new GateFull(`no place for a fill within ${waitMs} ms`));
      }, waitMs);
      const admit = () => {
        clearTimeout(late);
        resolve();
      };
      waiting.add(admit);
    });
  const leave = () => {
    const [next] = waiting;
    if (next === undefined) {
      free++;
      return;
    }
    // The place goes over to who waited longest.
    waiting.delete(next);
    next();
  };
  return {
    async run(fill) {
      await enter();
      try {
        return await fill();
      } finally {
        leave();
      }
    },
  };
}
