import { html, type Markup } from '../markup.ts';
import { number } from '../units.ts';
import { momentEvent, tellMoment } from './moment-event.ts';

/** Lines that are shown at once; more are to be searched for. */
const mostShown = 1500;

/** Redis' own process number and time, which stand beside the line already. */
const ownTime = /^\d+:[A-Z] \d\d \w{3} \d{4} [\d:.]+ /;

interface LogLine {
  process: string;
  /** Of the lines before it where it has no time of its own. */
  at: number;
  text: string;
}

/** The logs of several processes as one, by time, to be searched. Follows and sets the page's moment. */
export function logView(): void {
  const box = document.querySelector<HTMLElement>('.log-view');
  const form = box?.querySelector('form');
  const list = box?.querySelector<HTMLElement>('.merged');
  if (!box || !form || !list) return;
  const lines = linesIn(document.querySelectorAll<HTMLElement>('pre.log'));
  let shown: LogLine[] = [];

  const show = () => {
    const asked = new FormData(form);
    const wanted = new Set(asked.getAll('process'));
    const text = String(asked.get('text') ?? '')
      .trim()
      .toLowerCase();
    const found = lines.filter((line) => wanted.has(line.process) && line.text.toLowerCase().includes(text));
    shown = found.slice(0, mostShown);
    list.innerHTML = html`${shown.map((line, i) => itemOf(line, i, text))}`.markup;
    const output = form.querySelector('output');
    if (output)
      output.value =
        found.length > mostShown
          ? `the first ${number(mostShown)} of ${number(found.length)} lines`
          : `${number(found.length)} lines`;
  };
  form.addEventListener('input', show);
  form.addEventListener('submit', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('button') : null;
    const line = shown[Number(button?.dataset.line)];
    if (button !== null && line !== undefined) tellMoment(line.at, box);
  });
  document.addEventListener(momentEvent, (event) => {
    const { atMs } = (event as CustomEvent<{ atMs: number }>).detail;
    list.querySelector('.now')?.classList.remove('now');
    const place = shown.findLastIndex(({ at }) => at <= atMs);
    const item = list.children[place];
    if (!(item instanceof HTMLElement)) return;
    item.classList.add('now');
    // The list alone scrolls: the page stays where its reader is.
    list.scrollTop = item.offsetTop - list.offsetTop - list.clientHeight / 2;
  });
  box.hidden = false;
  show();
}

function linesIn(logs: Iterable<HTMLElement>): LogLine[] {
  const all: LogLine[] = [];
  for (const log of logs) {
    const process = log.dataset.process ?? '';
    let at = 0;
    for (const line of (log.textContent ?? '').split('\n')) {
      const time = Number.parseFloat(line.slice(0, 8));
      if (Number.isFinite(time)) at = time * 1000;
      all.push({ process, at, text: line.slice(10).replace(ownTime, '') });
    }
  }
  return all.sort((a, b) => a.at - b.at);
}

function itemOf({ process, at, text }: LogLine, place: number, wanted: string): Markup {
  return html`<li><button type="button" data-line="${place}">${(at / 1000).toFixed(3)}</button><span class="process">${process}</span><span class="text">${marked(text, wanted)}</span></li>`;
}

function marked(text: string, wanted: string): Markup {
  const place = wanted === '' ? -1 : text.toLowerCase().indexOf(wanted);
  if (place < 0) return html`${text}`;
  const end = place + wanted.length;
  return html`${text.slice(0, place)}<mark>${text.slice(place, end)}</mark>${text.slice(end)}`;
}
