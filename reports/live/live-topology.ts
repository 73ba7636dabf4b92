import type { RunDocument } from '../data/run-document.ts';
import { html, type Markup } from '../html/markup.ts';
import { stageOf } from '../html/topology/draw.ts';
import { sceneOf } from '../html/topology/scene-of.ts';

const widthPx = 900;

/** Who is primary for whom now, drawn; its nodes and lines can be clicked where orders are taken. */
export function liveTopology(document: RunDocument): Markup {
  const scene = sceneOf(document);
  const now = scene?.moments.at(-1);
  return html`<section id="live-topology"><h2>Who is primary, for whom</h2>${
    scene === null || now === undefined
      ? html`<p class="quiet">Nothing stands yet.</p>`
      : html`<p>${now.sentence}</p>${stageOf({ ...scene, moments: [now] }, widthPx).draw(now)}`
  }</section>`;
}
