import { expect, it } from 'vitest';
import { openPage, usesBrowser } from './open-page.ts';
import { pages } from './pages.ts';

usesBrowser();

it.each(Object.entries(pages))(
  '%s: nothing moves by itself for who asked for less motion',
  async (_, markupOf) => {
    const { page } = await openPage(markupOf(), { reducedMotion: 'reduce' });
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll('*')]
        .filter((each) => {
          const { transitionDuration, animationDuration, animationName, scrollBehavior } =
            getComputedStyle(each);
          const seconds = [
            ...transitionDuration.split(','),
            ...(animationName === 'none' ? [] : animationDuration.split(',')),
          ];
          return seconds.some((each) => Number.parseFloat(each) > 0.01) || scrollBehavior === 'smooth';
        })
        .map((each) => each.outerHTML.slice(0, 100)),
    );
    expect(moving).toEqual([]);
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  },
);
