import type { LogExcerpts, ProcessLog } from '../../../lab/run/record.ts';
import type { RunDocument } from '../../data/run-document.ts';
import { html, type Markup } from '../markup.ts';
import { details } from '../table.ts';
import { count, number, seconds } from '../units.ts';

/** What every process logged around the faults, each for itself; the page's script merges and searches them (client/log-view.ts). */
export function logsSection({ logs, processes, seen }: RunDocument): Markup {
  if (logs === undefined) return html``;
  const { from, to } = logs;
  const all = [ownLog(logs, seen.events), ...logs.logs];
  const pathOf = (name: string) => processes.find((one) => one.name === name)?.log ?? `logs/${name}.log`;
  return html`<section id="logs"><h2>Logs around the fault</h2><p>From ${seconds(from)} to ${seconds(to)}, all on the run’s clock: Redis, Sentinel, the application and PostgreSQL write milliseconds, Toxiproxy whole seconds. The whole logs stand beside this page.</p>
<div class="log-view" hidden>${form(all)}<ol class="merged" tabindex="0" aria-label="lines of all logs by time"></ol></div>
${all.map((log) =>
  details(
    `${log.process}: ${count(log.lines.length, 'lines')}${log.leftOut === 0 ? '' : `, ${number(log.leftOut)} more left out`}`,
    html`${log.process === labItself ? null : html`<p class="quiet">Whole log: <a href="${pathOf(log.process)}"><code>${pathOf(log.process)}</code></a></p>`}<pre class="log" data-process="${log.process}" tabindex="0">${textOf(log)}</pre>`,
  ),
)}</section>`;
}

const labItself = 'the lab';

/** What the lab did, among what it did it to. */
function ownLog({ from, to }: LogExcerpts, events: RunDocument['seen']['events']): ProcessLog {
  const own = events.filter(({ source, at }) => source === 'lab' && at >= from && at <= to);
  return {
    process: labItself,
    lines: own.map(({ kind, text }) => `${kind}: ${text}`),
    at: own.map(({ at }) => at),
    leftOut: 0,
    leftOutAfter: 0,
  };
}

/** A line each, with its time before it: `   2.240  text`. */
function textOf({ lines, at, leftOut, leftOutAfter }: ProcessLog): string {
  const texts = lines.map((line, i) => `${timeText(at[i] ?? null)}  ${line}`);
  if (leftOut > 0) texts.splice(leftOutAfter, 0, `${timeText(null)}  … ${number(leftOut)} lines left out …`);
  return texts.join('\n');
}

function timeText(at: number | null): string {
  return (at === null ? '' : (at / 1000).toFixed(3)).padStart(8);
}

function form(logs: readonly ProcessLog[]): Markup {
  const names = logs.map(({ process }) => process);
  // What a failover is read from; the others are a click away.
  const isShown = (name: string) => !/^(toxiproxy|clients|lab$)/.test(name);
  return html`<form class="filter-form"><label>find <input name="text" type="search" autocomplete="off"></label><fieldset><legend>logs of</legend>${names.map(
    (name) =>
      html`<label><input type="checkbox" name="process" value="${name}"${isShown(name) ? html` checked` : null}> ${name}</label>`,
  )}</fieldset><output></output></form>`;
}
