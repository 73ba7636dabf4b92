import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openPage, usesBrowser } from './open-page.ts';
import { pages } from './pages.ts';

usesBrowser();

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** axe's serious and critical findings, a line each: the rule, and where. */
async function findings(page: Page): Promise<string[]> {
  // Through the debugger, not by a script element: the page's policy lets no strange script run, and is left as it is.
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => `${id}: ${html.slice(0, 150)}`));
}

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  it.each(Object.entries(pages))(
    '%s: an accessibility checker finds nothing serious',
    async (_, markupOf) => {
      const { page } = await openPage(markupOf(), { colorScheme });
      expect(await findings(page)).toEqual([]);
      await page.evaluate(() => {
        for (const each of document.querySelectorAll('details')) each.open = true;
      });
      expect(await findings(page)).toEqual([]);
    },
  );
});

it('the checker finds a planted picture without a name and a pale text', async () => {
  const { page } = await openPage(
    '<!doctype html><html lang="en"><title>x</title><main><p style="color:#ccc">pale</p><svg role="img"></svg>',
  );
  expect((await findings(page)).map((line) => line.split(':')[0])).toEqual(['color-contrast', 'svg-img-alt']);
});
