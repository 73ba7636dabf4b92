import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openPage, usesBrowser, walkThrough } from './open-page.ts';
import { pages } from './pages.ts';

usesBrowser();

/** Where people look at them; not committed. */
const directory = path.resolve(import.meta.dirname, '../../reports/screenshots');
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });

const looks = {
  wide: { width: 1280 },
  narrow: { width: 375 },
  dark: { width: 1280, colorScheme: 'dark' },
} as const;

it.each(Object.entries(pages))(
  '%s: pictures for people, wide, narrow, dark and on paper',
  async (name, markupOf) => {
    const markup = markupOf();
    for (const [look, options] of Object.entries(looks)) {
      const { page } = await openPage(markup, options);
      await walkThrough(page);
      const picture = await page.screenshot({
        fullPage: true,
        path: path.join(directory, `${name}-${look}.png`),
      });
      expect(picture.length).toBeGreaterThan(5000);
    }
    const { page } = await openPage(markup);
    const paper = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    writeFileSync(path.join(directory, `${name}.pdf`), paper);
    expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
  },
);
