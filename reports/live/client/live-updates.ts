import { timelineZoom } from '../../html/client/timeline/timeline-zoom.ts';

/** What stands still while somebody holds it. */
const pictures: readonly string[] = ['live-topology', 'timeline'];

/**
 * Keeps a page that goes on new: the server sends figures several times a second and whole sections when they have
 * changed; after a lost connection the browser comes back by itself and gets everything again. Pictures that are held stand
 * still and can be zoomed.
 */
export function liveUpdates(): void {
  const { events } = document.body.dataset;
  const note = document.querySelector<HTMLElement>('[data-live-note]');
  if (events === undefined || note === null) return;
  const say = (state: 'live' | 'lost' | 'ended', text: string) => {
    if (note.dataset.state === state) return;
    note.dataset.state = state;
    note.textContent = text;
  };
  const held = holdButton();
  const put = (id: string, markup: string) => {
    if (held !== null && pictures.includes(id)) held.put(id, markup);
    else replace(id, markup);
  };
  const source = new EventSource(events);
  source.addEventListener('open', () => say('live', 'live'));
  source.addEventListener('error', () => say('lost', 'not connected: this is the last that was heard'));
  source.addEventListener('figures', ({ data }) => {
    for (const [name, text] of Object.entries(JSON.parse(data) as Record<string, string>)) {
      const place = document.querySelector(`[data-live="${name}"]`);
      if (place !== null && place.textContent !== text) place.textContent = text;
    }
  });
  source.addEventListener('sections', ({ data }) => {
    for (const [id, markup] of Object.entries(JSON.parse(data) as Record<string, string>)) put(id, markup);
  });
  source.addEventListener('ended', () => {
    source.close();
    // The same address now has the report.
    location.reload();
  });
}

/** The button that holds the pictures, and what came while they are held; null on a page without it. */
function holdButton(): { put(id: string, markup: string): void } | null {
  const button = document.querySelector<HTMLButtonElement>('[data-hold]');
  if (button === null) return null;
  const waiting = new Map<string, string>();
  let isHeld = false;
  button.hidden = false;
  button.addEventListener('click', () => {
    isHeld = !isHeld;
    button.setAttribute('aria-pressed', String(isHeld));
    button.textContent = isHeld ? 'go on' : 'hold the pictures';
    if (isHeld) return timelineZoom([...document.querySelectorAll<HTMLElement>('.timeline')]);
    for (const [id, markup] of waiting) replace(id, markup);
    waiting.clear();
  });
  return {
    put(id, markup) {
      if (isHeld) waiting.set(id, markup);
      else replace(id, markup);
    },
  };
}

/** Puts a section's new markup in the place of the old; who was on a button of it stays there. */
function replace(id: string, markup: string): void {
  const old = document.getElementById(id);
  if (old === null) return;
  const held = old.contains(document.activeElement) ? keyOf(document.activeElement) : null;
  const template = document.createElement('template');
  template.innerHTML = markup;
  const fresh = template.content.firstElementChild;
  if (fresh === null) return;
  const scrolled = old.querySelector('.table')?.scrollLeft ?? 0;
  old.replaceWith(fresh);
  const table = fresh.querySelector('.table');
  if (table !== null) table.scrollLeft = scrolled;
  if (held === null) return;
  const same = [...fresh.querySelectorAll('button')].find((button) => keyOf(button) === held);
  same?.focus({ preventScroll: true });
}

/** What a button is for, by its data. */
function keyOf(element: Element | null): string | null {
  return element instanceof HTMLElement ? JSON.stringify({ ...element.dataset }) : null;
}
