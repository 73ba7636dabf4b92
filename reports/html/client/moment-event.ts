/** The moment that the page's parts show together: told on `document`, with `{ atMs }`, in ms since the run's start. */
const momentEvent = 'lab:moment';

/** Tells the other parts; `by` is who tells it, who need not follow. */
export function tellMoment(atMs: number, by: Element): void {
  document.dispatchEvent(new CustomEvent(momentEvent, { detail: { atMs, by } }));
}

/** Calls with each moment that a part of the page tells, and who told it, until `signal` aborts. */
export function onMoment(
  listener: (atMs: number, by: Element | undefined) => void,
  signal?: AbortSignal,
): void {
  const hear = (event: Event) => {
    const { atMs, by } = (event as CustomEvent<{ atMs: number; by?: Element }>).detail;
    listener(atMs, by);
  };
  document.addEventListener(momentEvent, hear, signal === undefined ? {} : { signal });
}
