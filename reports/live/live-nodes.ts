import type { FaultWindow } from '../../lab/history/observations.ts';
import type { RunDocument } from '../data/run-document.ts';
import { html, type Markup } from '../html/markup.ts';
import { systemFaults } from './fault-dialog.ts';
import type { MenuFault } from './fault-menu.ts';

/**
 * Nodes with their roles, and every link between a host and a node on another one, with what is done to it now. Where
 * orders are taken each is a button that opens the menu of faults.
 */
export function liveNodes(document: RunDocument, menu: readonly MenuFault[] | null): Markup {
  const canOrder = menu !== null;
  const nodes = nodesOf(document);
  if (nodes.length === 0)
    return html`<section id="live-nodes"><h2>Nodes and links</h2><p class="quiet">They are being started.</p></section>`;
  const hosts = document.hosts.map(({ name }) => name);
  const inForce = document.seen.faults.filter(({ healedAt }) => healedAt === null);
  return html`<section id="live-nodes"><h2>Nodes and links</h2>
<p class="quiet">A row for each host, a column for each node: how processes on that host reach it.${canOrder ? ' Click a node or a link to break it.' : null}</p>
<div class="table scrolls"><table class="links"><thead><tr><th scope="col">from</th>${nodes.map(
    (node) => html`<th scope="col">${nodeHead(node, document, canOrder)}</th>`,
  )}</tr></thead>
<tbody>${hosts.map(
    (host) =>
      html`<tr><th scope="row">${host}</th>${nodes.map((node) => html`<td>${linkCell(host, node, inForce, canOrder)}</td>`)}</tr>`,
  )}</tbody></table></div>${menu === null ? null : systemFaults(menu)}</section>`;
}

interface ShownNode {
  name: string;
  kind: string;
  host: string;
}

function nodesOf({ processes }: RunDocument): ShownNode[] {
  return processes.filter(({ kind }) => kind !== 'toxiproxy' && kind !== 'clients');
}

/** What a node is now: a data node its role; the others run or do not. */
function stateOfNode({ name, kind }: ShownNode, { seen }: RunDocument): string {
  if (kind === 'redis') return seen.roles.findLast((span) => span.node === name)?.role ?? 'unknown';
  const last = seen.events.findLast((event) => event.kind === 'process' && event.data?.node === name);
  const action = last?.data?.action ?? 'start';
  return action === 'end' ? 'down' : action === 'stop' ? 'paused' : 'up';
}

function nodeHead(node: ShownNode, document: RunDocument, canOrder: boolean): Markup {
  const { name, kind } = node;
  const shown = stateOfNode(node, document);
  const label = html`${name}<small class="role-name role-is-${shown}">${shown}</small>`;
  return canOrder
    ? html`<button type="button" class="node" data-node="${name}" data-kind="${kind}" aria-haspopup="dialog">${label}</button>`
    : html`<span class="node">${label}</span>`;
}

function linkCell(host: string, node: ShownNode, inForce: readonly FaultWindow[], canOrder: boolean): Markup {
  if (node.host === host) return html`<span class="quiet">here</span>`;
  const link = `${host}→${node.name}`;
  const done = inForce.filter(({ targets }) =>
    targets.some((target) => target === link || target.startsWith(`${link}/`)),
  );
  const state = done.length === 0 ? 'ok' : done.map(({ name }) => stateOf(name)).join(', ');
  const className = done.length === 0 ? 'link' : 'link broken';
  const title =
    done.length === 0 ? `${link}: nothing is done to it` : done.map(({ text }) => text).join('; ');
  return canOrder
    ? html`<button type="button" class="${className}" data-from="${host}" data-to="${node.name}" aria-haspopup="dialog" aria-label="${link}: ${state}" title="${title}">${state}</button>`
    : html`<span class="${className}" title="${title}">${state}</span>`;
}

const states: Readonly<Record<string, string>> = {
  latency: 'slow',
  bandwidth: 'narrow',
  reset: 'reset',
  slice: 'sliced',
  flap: 'flapping',
};

/** What a link is under such a fault; the others cut it. */
function stateOf(fault: string): string {
  return states[fault] ?? 'cut';
}
