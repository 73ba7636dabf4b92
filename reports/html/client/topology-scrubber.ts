import { stageOf } from '../topology/draw.ts';
import type { Moment } from '../topology/scene.ts';
import { type SceneData, sceneFrom } from '../topology/scene-data.ts';
import { seconds } from '../units.ts';
import { momentEvent, tellMoment } from './moment-event.ts';

/** The drawn topology at any moment: a slider, a step to the next change, and playing. Follows and sets the page's moment. */
export function topologyScrubber(): void {
  const box = document.querySelector<HTMLElement>('.scrubber');
  const data = document.querySelector('.topology-data')?.textContent;
  if (!box || !data) return;
  const scene = sceneFrom(JSON.parse(data) as SceneData);
  const { moments } = scene;
  const [fromMs, toMs] = [moments[0]?.at ?? 0, Number(box.dataset.duration)];
  const { previous, next, slow, play, slider, time, sentence, changes, picture } = controlsIn(box);
  slider.min = String(Math.floor(fromMs));
  slider.max = String(Math.ceil(toMs));
  box.querySelector('.ticks')?.append(...moments.map((moment) => tickOf(moment, fromMs, toMs)));

  let atMs = fromMs;
  let stage = stageOf(scene, 340);
  let drawn: Moment | undefined;
  let speed = 0;

  const show = (ms: number) => {
    atMs = Math.min(Math.max(ms, fromMs), toMs);
    const moment = moments.findLast(({ at }) => at <= atMs + 0.5) ?? moments[0];
    slider.value = String(Math.round(atMs));
    time.textContent = seconds(Math.round(atMs));
    previous.disabled = atMs <= fromMs;
    next.disabled = moment === moments.at(-1);
    if (moment === undefined || moment === drawn) return;
    drawn = moment;
    slider.setAttribute('aria-valuetext', `${seconds(moment.at)}: ${moment.sentence}`);
    sentence.textContent = moment.sentence;
    changes.textContent = `${seconds(moment.at)} – ${moment.changes.join(' · ')}`;
    picture.innerHTML = stage.draw(moment).markup;
  };
  const set = (ms: number) => {
    show(ms);
    tellMoment(atMs, box);
  };
  const stop = () => {
    speed = 0;
    play.textContent = '▶ play';
    slow.textContent = '▶ at ¼ speed';
  };
  const toggle = (button: HTMLButtonElement, factor: number) => {
    const wasSame = speed === factor;
    stop();
    if (wasSame) return;
    speed = factor;
    button.textContent = '❚❚ pause';
    if (atMs >= toMs) set(fromMs);
    let last = performance.now();
    const step = (now: number) => {
      if (speed !== factor) return;
      set(atMs + (now - last) * factor);
      last = now;
      if (atMs >= toMs) stop();
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  };

  slider.addEventListener('input', () => {
    stop();
    set(Number(slider.value));
  });
  previous.addEventListener('click', () => {
    stop();
    set(moments.findLast(({ at }) => at < atMs - 0.5)?.at ?? fromMs);
  });
  next.addEventListener('click', () => {
    stop();
    set(moments.find(({ at }) => at > atMs + 0.5)?.at ?? toMs);
  });
  play.addEventListener('click', () => toggle(play, 1));
  slow.addEventListener('click', () => toggle(slow, 0.25));
  document.addEventListener(momentEvent, (event) => {
    const { atMs: told, by } = (event as CustomEvent<{ atMs: number; by?: Element }>).detail;
    if (by !== box && Number.isFinite(told)) show(told);
  });

  box.hidden = false;
  let widthPx = 0;
  new ResizeObserver(() => {
    if (picture.clientWidth === widthPx || picture.clientWidth === 0) return;
    widthPx = picture.clientWidth;
    stage = stageOf(scene, Math.min(widthPx, 1180));
    drawn = undefined;
    show(atMs);
  }).observe(picture);
  const first = (why: RegExp) => moments.find(({ decisive }) => why.test(decisive ?? ''))?.at;
  show(first(/at once/) ?? first(/in force/) ?? fromMs);
}

function controlsIn(box: HTMLElement) {
  const find = <T extends Element>(selector: string): T => {
    const found = box.querySelector<T>(selector);
    if (found === null) throw new Error(`expected ${selector} in the scrubber, got nothing`);
    return found;
  };
  return {
    previous: find<HTMLButtonElement>('[data-do=previous]'),
    next: find<HTMLButtonElement>('[data-do=next]'),
    play: find<HTMLButtonElement>('[data-do=play]'),
    slow: find<HTMLButtonElement>('[data-do=slow]'),
    slider: find<HTMLInputElement>('input'),
    time: find('output'),
    sentence: find('.sentence'),
    changes: find('.changes'),
    picture: find<HTMLElement>('.picture'),
  };
}

/** Where under the slider something changed. */
function tickOf({ at, decisive }: Moment, fromMs: number, toMs: number): SVGLineElement {
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
  const x = `${((at - fromMs) / Math.max(1, toMs - fromMs)) * 100}%`;
  for (const [name, value] of Object.entries({ x1: x, x2: x, y1: '0', y2: '8' }))
    line.setAttribute(name, value);
  if (decisive !== null) line.classList.add('decisive');
  return line;
}
