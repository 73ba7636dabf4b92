import { expect, it } from 'vitest';
import { misplacedTexts } from './misplaced-texts.ts';
import { openPage, usesBrowser } from './open-page.ts';
import { pages } from './pages.ts';

usesBrowser();

/** A4 less the margins of `@page` (14 mm), in CSS pixels. */
const PAPER = { width: Math.floor(((210 - 28) / 25.4) * 96), height: Math.floor(((297 - 28) / 25.4) * 96) };
const MOST_PAGES = 14;

it.each(Object.entries(pages))(
  '%s: prints on a few sheets of A4, nothing cut off, nothing that only works on a screen',
  async (_, markupOf) => {
    const { page, complaints } = await openPage(markupOf(), { ...PAPER });
    await page.emulateMedia({ media: 'print' });
    expect(await misplacedTexts(page)).toEqual([]);
    const { controls, torn, tooHigh, wide } = await page.evaluate((paper) => {
      const shown = (selector: string) =>
        [...document.querySelectorAll<HTMLElement>(selector)].filter((each) => each.checkVisibility());
      const named = (each: Element) => each.outerHTML.slice(0, 120);
      const whole = shown('.lane, .card, tr, h2, h3').filter((each) => !each.matches('.overview'));
      return {
        controls: shown('button, input, select, textarea, summary').map(named),
        torn: whole
          .filter(
            (each) => getComputedStyle(each).breakInside !== 'avoid' && each.matches('.lane, .card, tr'),
          )
          .map(named),
        tooHigh: whole.filter((each) => each.getBoundingClientRect().height > paper.height).map(named),
        wide: shown('table, svg, pre')
          .filter((each) => each.getBoundingClientRect().right > paper.width + 1)
          .map(named),
      };
    }, PAPER);
    expect({ controls, torn, tooHigh, wide }).toEqual({ controls: [], torn: [], tooHigh: [], wide: [] });
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
    const sheets = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(sheets).toBeGreaterThan(0);
    expect(sheets).toBeLessThanOrEqual(MOST_PAGES);
    expect(complaints).toEqual([]);
  },
);
