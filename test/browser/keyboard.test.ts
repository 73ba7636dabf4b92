import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openPage, usesBrowser } from './open-page.ts';
import { pages } from './pages.ts';

usesBrowser();

interface Stop {
  /** Its place among everything that can be reached. */
  place: number;
  what: string;
  isMarked: boolean;
  isInSight: boolean;
}

/** What can be reached by keys, in the document's order: marked with its place, which is what the walk tells. */
async function markAll(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const all = 'a[href], button, summary, input, select, textarea, [tabindex="0"]';
    const shown = [...document.querySelectorAll<HTMLElement>(all)].filter(
      (each) => each.checkVisibility({ visibilityProperty: true }) && !each.matches(':disabled'),
    );
    // Of radio buttons with one name a Tab reaches one.
    const names = new Set<string>();
    const reachable = shown.filter((each) => {
      if (!(each instanceof HTMLInputElement) || each.type !== 'radio') return true;
      if (names.has(each.name)) return false;
      names.add(each.name);
      return true;
    });
    for (const [i, each] of reachable.entries()) each.dataset.place = String(i);
    return reachable.map((each) => each.outerHTML.slice(0, 100));
  });
}

async function current(page: Page): Promise<Stop | null> {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (!(at instanceof HTMLElement || at instanceof SVGElement) || at === document.body) return null;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
    const box = at.getBoundingClientRect();
    return {
      place: Number(at.dataset.place ?? -1),
      what: at.outerHTML.slice(0, 100),
      isMarked: (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none',
      isInSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
  });
}

it.each(Object.entries(pages))(
  '%s: Tab goes through everything once, in order, and shows where it is',
  async (_, markupOf) => {
    const { page } = await openPage(markupOf());
    const reachable = await markAll(page);
    const stops: Stop[] = [];
    for (let i = 0; i <= reachable.length + 1; i++) {
      await page.keyboard.press('Tab');
      const stop = await current(page);
      if (stop === null) break;
      stops.push(stop);
    }
    expect(stops.filter(({ isMarked, isInSight }) => !isMarked || !isInSight)).toEqual([]);
    expect(stops.map(({ place, what }) => [place, what])).toEqual(
      reachable.map((what, place) => [place, what]),
    );
  },
);
