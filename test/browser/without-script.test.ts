import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openPage, usesBrowser } from './open-page.ts';
import { pages } from './pages.ts';

usesBrowser();

/** The words of everything that a page can show, opened or not, but for what stands in these. */
async function words(page: Page, leftOut: readonly string[]): Promise<Set<string>> {
  const texts = await page.evaluate((selectors) => {
    for (const each of document.querySelectorAll(['script', 'style', 'title', ...selectors].join()))
      each.remove();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (walker.nextNode()) found.push(walker.currentNode.nodeValue ?? '');
    return found;
  }, leftOut);
  return new Set(texts.join(' ').split(/\s+/));
}

it.each(Object.entries(pages))(
  '%s: says the same without JavaScript, and offers nothing that would not work',
  async (_, markupOf) => {
    const markup = markupOf();
    const { page: plain } = await openPage(markup, { javaScriptEnabled: false });
    const { page: full } = await openPage(markup);
    const controls = await plain.evaluate(() =>
      [...document.querySelectorAll('button, input, select, textarea')]
        .filter((each) => each.checkVisibility())
        .map((each) => each.outerHTML),
    );
    expect(controls).toEqual([]);
    // What waits for a script is hidden until then: controls, and how to use them.
    const forScripts = await plain.evaluate(() =>
      [...document.querySelectorAll('[hidden]')].map((each) => [each.localName, ...each.classList].join('.')),
    );
    const told = await words(plain, []);
    expect([...(await words(full, forScripts))].filter((word) => !told.has(word))).toEqual([]);
  },
);
