/** The moment that the page's parts show together: told on `document`, with `{ atMs }`, in ms since the run's start. */
export const momentEvent = 'lab:moment';

/** Tells the other parts; `by` is who tells it, who need not follow. */
export function tellMoment(atMs: number, by: Element): void {
  document.dispatchEvent(new CustomEvent(momentEvent, { detail: { atMs, by } }));
}
