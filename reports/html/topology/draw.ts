import { html, type Markup } from '../markup.ts';
import { drawnText, fitting, type HostBox, type Layout, layoutOf, type PartBox } from './layout.ts';
import { type Line, lanesOf, linesOf } from './lines.ts';
import { middleOf, pathOf, routeOf } from './route.ts';
import type { Moment, Scene } from './scene.ts';

/** A scene laid out for a width; one moment after another is drawn on it. */
export interface Stage {
  layout: Layout;
  draw(moment: Moment): Markup;
}

/** Lays a scene out. Pure, so that the server draws the decisive moments and the page's script all of them alike. */
export function stageOf(scene: Scene, widthPx: number): Stage {
  const lanes = lanesOf(scene, layoutOf(scene, widthPx));
  const layout = layoutOf(scene, widthPx, (row) =>
    row === 0 && !usesTop(scene, widthPx) ? 0 : Math.min(lanes.size, 8),
  );
  return { layout, draw: (moment) => picture(layout, moment, lanes) };
}

/** Whether anything runs above the first row, other than down from it. */
function usesTop(scene: Scene, widthPx: number): boolean {
  const layout = layoutOf(scene, widthPx);
  return scene.moments.some((moment) =>
    linesOf(layout, moment).some(({ from, to }) => from.host !== to.host && to.host.row === 0),
  );
}

function picture(layout: Layout, moment: Moment, lanes: ReadonlyMap<string, number>): Markup {
  const { width, height, hosts } = layout;
  const lines = linesOf(layout, moment);
  return html`<svg class="topology" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${moment.sentence}">
${hosts.map((host) => hostOf(host, moment))}${lines.map((line) => lineOf(layout, line, lanes))}${hosts.flatMap(({ parts }) => parts.map((part) => partOf(part, moment)))}</svg>`;
}

function lineOf(layout: Layout, line: Line, lanes: ReadonlyMap<string, number>): Markup {
  const points = routeOf(layout, line.from, line.to, Math.min(lanes.get(line.trunk) ?? 0, 7));
  const [x, y] = middleOf(points);
  const [tipX, tipY] = points.at(-1) ?? [0, 0];
  const [beforeX, beforeY] = points.at(-2) ?? [0, 0];
  const turn = Math.round((Math.atan2(tipY - beforeY, tipX - beforeX) * 180) / Math.PI);
  return html`<g class="line line-${line.kind}${line.broken === null ? '' : ` broken-${line.broken}`}"${linkOf(line)}><path d="${pathOf(points)}"/>
<path class="tip" d="M0 0L-7 -3.5L-7 3.5Z" transform="translate(${tipX} ${tipY}) rotate(${turn})"/>${
    line.broken === null
      ? null
      : html`<path class="cross" d="${line.broken === 'slowed' ? 'M-6 0Q-3 -5 0 0T6 0' : 'M-4 -4L4 4M-4 4L4 -4'}" transform="translate(${x} ${y})"/>`
  }<title>${line.title}</title></g>`;
}

/** Which link the line stands for: a replica reaches its primary, against the direction in which data flows. */
function linkOf({ kind, from, to }: Line): Markup | null {
  const [observer, node] = kind === 'copies' ? [to, from] : [from, to];
  if (node.part == null || observer.host === node.host) return null;
  return html` data-from="${observer.host.place.host}" data-to="${node.part.part.name}"`;
}

function hostOf(host: HostBox, moment: Moment): Markup {
  const { place, x, y, width, height } = host;
  const side = moment.sides.findIndex((hosts) => hosts.includes(place.host));
  const label = place.zone === null ? place.host : `${place.host} · ${place.zone}`;
  const sideText = side < 0 ? '' : `side ${String.fromCharCode(65 + side)}`;
  const room = width - 18 - sideText.length * 6.4;
  return html`<g class="host${side < 0 ? '' : ` side-${Math.min(side, 3)}`}"><rect class="host-box" x="${x}" y="${y}" width="${width}" height="${height}" rx="5"/>
<text class="host-name" x="${x + 9}" y="${y + height - 7}">${fitting(label, room, 'text')}</text>${
    sideText === ''
      ? null
      : html`<text class="side-name" x="${x + width - 9}" y="${y + height - 7}" text-anchor="end">${sideText}</text>`
  }<title>${label}</title></g>`;
}

function partOf({ part, x, y, width, height }: PartBox, moment: Moment): Markup {
  const state = moment.parts[part.name];
  const role =
    part.kind === 'redis'
      ? `role-${state?.role ?? 'unknown'}`
      : `kind-${part.kind}${state?.role === 'down' ? ' role-down' : state?.role === 'paused' ? ' role-paused' : ''}`;
  const text = state?.text ?? '';
  const node = part.kind === 'clients' ? null : html` data-node="${part.name}" data-kind="${part.kind}"`;
  return html`<g class="part ${role}-part${state?.troubled ? ' troubled' : ''}"${node}><rect class="part-box ${role}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${part.kind === 'clients' ? 18 : 3}"/>
<text class="part-name" x="${x + (part.kind === 'clients' ? 10 : 6)}" y="${y + 15}">${fitting(part.name, width - 8, 'name')}</text><text class="part-text" x="${x + (part.kind === 'clients' ? 10 : 6)}" y="${y + 29}">${fitting(drawnText(text), width - 8, 'text')}</text><title>${part.name}: ${text}</title></g>`;
}
