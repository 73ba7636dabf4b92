import type { RunDocument } from '../../data/run-document.ts';
import { dataBlock, html, type Markup } from '../markup.ts';
import { details } from '../table.ts';
import { number, seconds } from '../units.ts';
import { stageOf } from './draw.ts';
import type { Moment, Scene } from './scene.ts';
import { sceneData } from './scene-data.ts';

/** A picture of the strip is as wide as a telephone. */
const stripPx = 340;
/** With more hosts than these that would be a tower: then it is as wide as a page of paper. */
const [mostNarrow, wideStripPx] = [12, 720];

/**
 * Who was primary for whom, who wrote where and who reached whom: the decisive moments as pictures, every moment in
 * words, and the data with which the page's script draws any of them (client/topology-scrubber.ts).
 */
export function topologySection(document: RunDocument, scene: Scene | null): Markup {
  if (scene === null) return html``;
  const isLarge = scene.places.length > mostNarrow;
  const stage = stageOf(scene, isLarge ? wideStripPx : stripPx);
  const decisive = scene.moments.filter(({ decisive }) => decisive !== null);
  const inForce = document.seen.faults.length;
  return html`<section id="topology"><h2>Who was primary, for whom</h2>${key(scene.moments)}
<div class="scrubber" data-duration="${document.seen.durationMs}" hidden>${controls()}</div>${dataBlock('topology-data', sceneData(scene))}
<ol class="moments${isLarge ? ' large' : ''}">${decisive.map((moment) => html`<li><h4>${seconds(moment.at)} – ${moment.decisive}</h4><p>${moment.sentence}</p><div class="picture-box">${stage.draw(moment)}</div></li>`)}</ol>
${details(
  `Every moment at which something changed, in words (${number(scene.moments.length)})`,
  html`<ol class="moment-list">${scene.moments.map(({ at, sentence, changes }) => html`<li><b>${seconds(at)}</b> ${sentence}<small>${changes.join(' · ')}</small></li>`)}</ol>`,
)}
<p class="quiet">Roles are what each node said of itself, told by its own log and INFO; whom a Sentinel names is what it announced (+switch-master)${
    document.seen.slots === undefined ? '' : ', whom a node of a cluster names is its CLUSTER NODES'
  }; who writes where is who answered the clients, counted every ${seconds(document.series.bucketMs)}${inForce === 0 ? '' : '; cuts are those of the faults while they were in force'}.${
    scene.places.some(({ parts }) => parts.some(({ kind }) => kind === 'app'))
      ? ' Which node an instance of the application asked is not recorded, and not drawn.'
      : ''
  }</p></section>`;
}

/** What of the drawing's signs occurs. */
function key(moments: readonly Moment[]): Markup {
  const line = (kind: string, broken: string, text: string) =>
    html`<li><svg class="topology" style="display:inline" width="34" height="12" aria-hidden="true"><g class="line ${kind} ${broken}"><path d="M1 6L32 6"/>${
      broken === ''
        ? html`<path class="tip" d="M33 6L26 2.5L26 9.5Z"/>`
        : html`<path class="cross" d="M12 2L20 10M12 10L20 2"/>`
    }</g></svg>${text}</li>`;
  const all = moments.flatMap(({ parts }) => Object.values(parts));
  return html`<ul class="topology-key">${all.some(({ text }) => /^(writes|reads|uses)/.test(text)) ? line('line-serves', '', 'clients and who answers them') : null}${
    all.some(({ text }) => text.startsWith('replica of'))
      ? line('line-copies', '', 'a primary and the replica that copies it')
      : null
  }${moments.some(({ broken }) => broken.length > 0) || all.some(({ text }) => text.startsWith('no link')) ? line('line-copies', 'broken-cut', 'cut, or without a connection') : null}</ul>`;
}

function controls(): Markup {
  const button = (does: string, text: string, label: string) =>
    html`<button type="button" data-do="${does}" aria-label="${label}">${text}</button>`;
  return html`<div class="controls">${button('previous', '‹', 'previous change')}${button('next', '›', 'next change')}<output></output><button type="button" data-do="play">▶ play</button><button type="button" data-do="slow">▶ at ¼ speed</button></div>
<input type="range" step="1" aria-label="moment of the run"><svg class="ticks" aria-hidden="true"></svg>
<p class="sentence"></p><p class="changes"></p><div class="picture"></div>`;
}
