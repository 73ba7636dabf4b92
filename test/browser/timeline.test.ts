import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hardenedSample, splitBrainSample } from '../../reports/data/sample.ts';
import { renderComparison } from '../../reports/html/comparison/render-comparison.ts';
import { renderReport } from '../../reports/html/render-report.ts';
import { openPage, usesBrowser } from './open-page.ts';

usesBrowser();

const markup = renderReport(splitBrainSample());
const lengthMs = splitBrainSample().seen.durationMs;

/** What is shown, as the page tells other pictures of it; null as long as nothing changed. */
async function heard(page: Page): Promise<() => Promise<{ fromMs: number; toMs: number } | null>> {
  await page.evaluate(() =>
    document.addEventListener('lab:window', (event) => {
      document.body.dataset.heard = JSON.stringify((event as CustomEvent).detail);
    }),
  );
  return async () => JSON.parse((await page.evaluate(() => document.body.dataset.heard)) ?? 'null');
}

/** A place in the first lane, by its share of the width. */
async function inLane(page: Page, share: number): Promise<[number, number]> {
  const plot = page.locator('.lane:not(.axis):not(.overview) .plot').first();
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  if (box === null) throw new Error('expected a lane, got none');
  return [box.x + share * box.width, box.y + box.height / 2];
}

async function drag(page: Page, from: number, to: number): Promise<void> {
  await page.mouse.move(...(await inLane(page, from)));
  await page.mouse.down();
  await page.mouse.move(...(await inLane(page, to)), { steps: 4 });
  await page.mouse.up();
}

describe('the timeline', () => {
  it('shows the span that was dragged over its lanes, and all again after a double click', async () => {
    const { page } = await openPage(markup);
    const shown = await heard(page);
    await drag(page, 0.25, 0.5);
    await expect.poll(shown).not.toBeNull();
    expect((await shown())?.fromMs).toBeCloseTo(lengthMs * 0.25, -2);
    expect((await shown())?.toMs).toBeCloseTo(lengthMs * 0.5, -2);
    await page.mouse.dblclick(...(await inLane(page, 0.5)));
    await expect.poll(shown).toEqual({ fromMs: 0, toMs: lengthMs });
  });

  it('moves its pictures, ticks and the texts in its bars with it', async () => {
    const { page } = await openPage(markup);
    const fault = page.locator('.timeline .fault-proved').first();
    const before = await fault.boundingBox();
    await page.click('[data-zoom=fault]');
    await expect
      .poll(async () => (await fault.boundingBox())?.width)
      .toBeGreaterThan((before?.width ?? 0) * 1.3);
    const texts = await page.locator('.axis .tick').allTextContents();
    expect(texts.every((text) => Number.parseFloat(text) > 2 && Number.parseFloat(text) < 11)).toBe(true);
    // Zoomed into the middle of a bar, its text stands at the edge of what is shown.
    await page.focus('.timeline');
    for (let i = 0; i < 4; i++) await page.keyboard.press('+');
    const plot = await page.locator('.axis .plot').first().boundingBox();
    const text = page.locator('.timeline .fault-proved-text').first();
    await expect
      .poll(async () => Math.round((await text.boundingBox())?.x ?? 0))
      .toBeGreaterThan(plot?.x ?? 0);
    expect(await text.isVisible()).toBe(true);
  });

  it('zooms where the pointer is with Ctrl and the wheel, and leaves a plain wheel to the page', async () => {
    const { page } = await openPage(markup);
    const shown = await heard(page);
    await page.mouse.move(...(await inLane(page, 0.5)));
    const scrolled = await page.evaluate(() => scrollY);
    await page.mouse.wheel(0, 100);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(scrolled);
    expect(await shown()).toBeNull();
    await page.mouse.move(...(await inLane(page, 0.5)));
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -100);
    await expect.poll(shown).not.toBeNull();
    const { fromMs = 0, toMs = 0 } = (await shown()) ?? {};
    expect(toMs - fromMs).toBeLessThan(lengthMs * 0.8);
    expect((fromMs + toMs) / 2).toBeCloseTo(lengthMs / 2, -2);
  });

  it('zooms by a pinch of two fingers', async () => {
    const { page } = await openPage(markup, { width: 375, height: 800, hasTouch: true });
    const shown = await heard(page);
    const [x, y] = await inLane(page, 0.5);
    const session = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [-1, 1].map((side, id) => ({ x: x + side * apart, y, id })),
      });
    await touch('touchStart', 30);
    await touch('touchMove', 60);
    await touch('touchMove', 90);
    await touch('touchEnd', 0);
    await expect.poll(shown).not.toBeNull();
    const { fromMs = 0, toMs = 0 } = (await shown()) ?? {};
    expect((toMs - fromMs) / lengthMs).toBeCloseTo(1 / 3, 1);
  });

  it('goes by keys: zoom, edges, events, all', async () => {
    const { page } = await openPage(markup);
    const shown = await heard(page);
    await page.focus('.timeline');
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await page.keyboard.press('End');
    await expect.poll(shown).toEqual({ fromMs: lengthMs * 0.75, toMs: lengthMs });
    await page.keyboard.press('Home');
    await expect.poll(shown).toEqual({ fromMs: 0, toMs: lengthMs / 4 });
    await page.keyboard.press(']');
    await expect
      .poll(() => page.locator('.moment-said').textContent())
      .toMatch(/3\.20\u202fs begins: isolate/);
    await page.keyboard.press(']');
    await expect.poll(() => page.locator('.moment-said').textContent()).toMatch(/proved: isolate/);
    await page.keyboard.press('0');
    await expect.poll(shown).toEqual({ fromMs: 0, toMs: lengthMs });
  });

  it('draws what is zoomed into from finer buckets, and the whole as before', async () => {
    const { page } = await openPage(markup);
    const charts = page.locator('[data-redrawn]');
    const read = () => charts.evaluateAll((all) => all.map((each) => each.innerHTML));
    const whole = await read();
    expect(whole.length).toBeGreaterThan(4);
    await page.click('[data-zoom=fault]');
    await page.focus('.timeline');
    for (let i = 0; i < 3; i++) await page.keyboard.press('+');
    await expect.poll(async () => (await read()).filter((each, i) => each === whole[i])).toEqual([]);
    await page.keyboard.press('0');
    await expect.poll(read).toEqual(whole);
  });

  it('keeps what is shown in its address, beside whatever else stands there', async () => {
    const { page } = await openPage(markup);
    await page.evaluate(() => {
      location.hash = 'filter=lost&time=2-4';
    });
    await expect.poll(() => page.locator('.shown-span').textContent()).toMatch(/^2\.00\u202fs to 4\.00/);
    await page.focus('.timeline');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.evaluate(() => location.hash)).toBe('#filter=lost&time=2.4-4.4');
    expect(await page.locator('.span-said').textContent()).toMatch(/2\.40\u202fs to 4\.40/);
    await page.keyboard.press('0');
    await expect.poll(() => page.evaluate(() => location.hash)).toBe('#filter=lost');
  });

  it('draws the moment that another picture sets, and tells its own', async () => {
    const { page } = await openPage(markup);
    const line = page.locator('.cursor');
    expect(await line.isVisible()).toBe(false);
    await page.evaluate(() =>
      document.dispatchEvent(new CustomEvent('lab:moment', { detail: { atMs: 4790 } })),
    );
    expect(await line.locator('span').textContent()).toBe('4.790\u202fs');
    const plot = await page.locator('.axis .plot').first().boundingBox();
    const share = (((await line.boundingBox())?.x ?? 0) - (plot?.x ?? 0)) / (plot?.width ?? 1);
    expect(share).toBeCloseTo(4790 / lengthMs, 2);
    await page.mouse.move(...(await inLane(page, 0.5)));
    await expect
      .poll(() => line.locator('span').textContent())
      .toBe(`${(lengthMs / 2000).toFixed(3)}\u202fs`);
  });

  it('has the moment’s time inside the window, also at its edge', async () => {
    const { page } = await openPage(markup, { width: 375 });
    await page.mouse.move(...(await inLane(page, 0.99)));
    await expect.poll(() => page.locator('.cursor').isVisible()).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    const time = await page.locator('.cursor span').boundingBox();
    const head = await page.locator('.timeline-head').boundingBox();
    expect(time?.y).toBeGreaterThanOrEqual((head?.y ?? 0) + (head?.height ?? 0));
  });

  it('fits the texts in its bars to the width, and prints the whole whatever is shown', async () => {
    const { page } = await openPage(markup, { width: 768 });
    const texts = page.locator('.timeline .in-bar');
    const fitting = () =>
      texts.evaluateAll((all) =>
        all
          .filter((each) => each.getBoundingClientRect().width > 0)
          .map((each) => {
            const bar = each.parentElement?.querySelector('rect')?.getBoundingClientRect();
            return (bar?.right ?? 0) - each.getBoundingClientRect().right;
          }),
      );
    await expect.poll(async () => (await fitting()).length).toBeGreaterThan(6);
    expect((await fitting()).filter((roomPx) => roomPx < 0)).toEqual([]);
    await page.click('[data-zoom=fault]');
    await expect.poll(() => page.locator('.timeline').getAttribute('class')).toMatch(/zoomed/);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.locator('.timeline').getAttribute('class')).not.toMatch(/zoomed/);
    const scaled = await page
      .locator('svg.scaled')
      .evaluateAll((all) => all.map((each) => each.getAttribute('width')));
    expect(new Set(scaled)).toEqual(new Set(['100%']));
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await page.locator('.timeline').getAttribute('class')).toMatch(/zoomed/);
  });

  it('moves both runs of a comparison', async () => {
    const { page } = await openPage(renderComparison(splitBrainSample(), hardenedSample()));
    const faults = page.locator('.timeline .fault-proved');
    const before = await faults.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().width));
    expect(before).toHaveLength(2);
    await page.locator('[data-zoom=fault]').last().click();
    await expect
      .poll(() => faults.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().width)))
      .toEqual(before.map(() => expect.closeTo((before[0] ?? 0) * 1.7, -2)));
  });
});
