import type { RunDocument } from '../data/run-document.ts';
import { html, type Markup } from './markup.ts';
import { copyable, details, table } from './table.ts';
import { count, wallTime } from './units.ts';

/** Errors by kind, over the whole run. */
export function errorsSection({ errors, series }: RunDocument): Markup {
  const rows = Object.entries(errors).sort((a, b) => b[1] - a[1]);
  if (rows.length === 0) {
    return series.groups.length === 0
      ? html``
      : html`<section id="errors"><h2>Errors by kind</h2><p class="empty">No client saw an error.</p></section>`;
  }
  return html`<section id="errors"><h2>Errors by kind</h2>${table(
    ['error', 'how often'],
    rows.map(([kind, n]) => [html`<code>${kind}</code>`, count(n, 'operations')]),
  )}</section>`;
}

/** How to run it and judge it again. */
export function rerunSection({ commands, seed, scenario }: RunDocument): Markup {
  return html`<section id="again"><h2>Run it again</h2>
<p>Seed <code>${seed}</code>; the scenario stands in <code>${scenario.file}</code>. The seed fixes every choice of the lab, not the scheduling of the machine: numbers differ a little from run to run.</p>
<h3>the same run again</h3>${copyable(commands.replay)}<h3>judge this recording again, without running anything</h3>${copyable(commands.check)}</section>`;
}

/** What ran where, in which version, with which configuration. */
export function configurationSection(document: RunDocument): Markup {
  const versions = Object.entries(document.versions);
  const hosts = document.hosts.map((host) => [host.name, host.zone ?? '–', host.processes.join(', ')]);
  const clients = document.clients.map((c) => [c.name, c.group, c.host]);
  return html`<section id="configuration"><h2>Configuration</h2>
<p>Started ${wallTime(document.startedAt)}, backend ${document.backend}, timing ${document.timing}.</p>
${versions.length === 0 ? html`<p class="empty">No versions were recorded.</p>` : table(['program', 'version'], versions)}
${featureDetails(document)}
${hosts.length === 0 ? null : details(`Hosts (${hosts.length})`, table(['host', 'zone', 'processes'], hosts))}
${clients.length === 0 ? null : details(`Clients (${clients.length})`, table(['client', 'group', 'host'], clients))}
${document.processes.map((process) =>
  details(
    `${process.name}: ${process.kind} on host ${process.host}${process.address === '' ? '' : `, ${process.address}`}`,
    html`<p class="quiet">log: <code>${process.log}</code></p>${copyable(process.configuration)}`,
  ),
)}</section>`;
}

/** What the server was found to offer and to lack. */
function featureDetails({ features = {} }: RunDocument): Markup | null {
  const rows = Object.entries(features).map(([name, offered]) => [name, offered ? 'yes' : 'no']);
  return rows.length === 0 ? null : details('What the server offers', table(['feature', ''], rows));
}
