import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Order } from '../../lab/run/order.ts';
import type { RunRecord } from '../../lab/run/record.ts';
import { splitBrainSample } from '../../reports/data/sample.ts';
import { type LiveSite, liveSite } from '../../reports/live/live-site.ts';
import type { RunInfo } from '../../reports/reporters/reporter.ts';
import { openAddress, usesBrowser } from './open-page.ts';

usesBrowser();

const info: RunInfo = {
  type: 'run-started',
  scenario: 'split-brain',
  title: 'Split brain',
  claim: 'A claim',
  variant: 'vulnerable',
  timing: 'fast',
  seed: 7,
  dir: '/nowhere/run-1',
  phases: ['provision', 'disturb'],
};
const menu = [
  { name: 'pause', at: 'node', kinds: [], fields: [] },
  {
    name: 'cut',
    at: 'link',
    kinds: [],
    fields: [
      {
        name: 'by',
        words: 'a way',
        optional: true,
        usual: '',
        choices: ['toxiproxy', 'packets'],
        isRest: false,
      },
    ],
  },
  { name: 'debugSleep', at: 'node', kinds: ['redis'], fields: [] },
] as const;

let site: LiveSite;
let taken: Order[];
let record: RunRecord;
beforeEach(async () => {
  taken = [];
  record = inForce(splitBrainSample());
  site = await liveSite({ isList: false });
  const take = async (order: Order) => {
    taken.push(order);
    return { ok: true, faults: record.seen.faults } as const;
  };
  site.add(info.dir, { look: async () => record, orders: { menu, take } });
  site.reporter.onRunStarted?.(info);
});
afterEach(() => site.close());

/** The same run while its fault is in force. */
function inForce(whole: RunRecord): RunRecord {
  const faults = whole.seen.faults.map((fault) => ({ ...fault, healedAt: null, recoveredAt: null }));
  return { ...whole, seen: { ...whole.seen, faults } };
}

it.each([1280, 768, 375])('fits at %i px, and complains of nothing', async (width) => {
  const { page, complaints } = await openAddress(site.address, { width });
  await page.locator('[data-live-note][data-state=live]').waitFor();
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect({ excess, complaints }).toEqual({ excess: 0, complaints: [] });
});

it('becomes new by itself, keeps who is on a button there, and can be held', async () => {
  const { page, complaints } = await openAddress(site.address);
  await page.locator('[data-live-note][data-state=live]').waitFor();
  await page.locator('button[data-node="redis-2"]').focus();
  const whole = splitBrainSample();
  record = {
    ...whole,
    seen: { ...whole.seen, roles: whole.seen.roles.filter(({ node }) => node !== 'redis-1') },
  };
  await page.getByText('Nothing is broken.').waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-node'))).toBe('redis-2');
  const progress = {
    at: 5,
    phase: 'disturb',
    faults: [],
    opsPerSecond: 777,
    ok: 1,
    fail: 0,
    info: 0,
    lost: 0,
  };
  site.reporter.onProgress?.(info, { type: 'progress', progress });
  await page.getByText('777').waitFor();

  await page.getByRole('button', { name: 'hold the pictures' }).click();
  // Whoever replaces the section takes the mark away.
  await page.locator('#timeline').evaluate((section) => section.setAttribute('data-mark', 'held'));
  record = inForce(record);
  await page.getByText('isolate-1').waitFor();
  expect(await page.locator('#timeline').getAttribute('data-mark')).toBe('held');
  await page.getByRole('button', { name: 'go on' }).click();
  await expect.poll(() => page.locator('#timeline').getAttribute('data-mark')).toBe(null);
  expect(complaints).toEqual([]);
});

it('a click on a node, a link or the drawing offers its faults, by keys too, and heals', async () => {
  const { page } = await openAddress(site.address);
  await page.locator('[data-live-note][data-state=live]').waitFor();
  const dialog = page.getByRole('dialog');

  await page.locator('button[data-node="redis-2"]').focus();
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  expect(await dialog.locator('option').allTextContents()).toEqual(['pause', 'debugSleep']);
  expect(await dialog.locator('code').textContent()).toBe('lab fault pause node:redis-2');
  await dialog.getByRole('button', { name: 'inject' }).focus();
  await page.keyboard.press('Enter');
  await dialog.getByText('isolate-1:').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });

  const link = page.locator('button[data-from][data-to]').first();
  const [from, to] = [await link.getAttribute('data-from'), await link.getAttribute('data-to')];
  await link.click();
  await dialog.getByLabel('by').selectOption('packets');
  await dialog.getByRole('button', { name: 'inject' }).click();
  await dialog.getByText('isolate-1:').waitFor();
  await dialog.getByRole('button', { name: 'close' }).click();

  const drawn = page.locator('#live-topology [data-node]').first();
  const node = await drawn.getAttribute('data-node');
  await drawn.click();
  expect(await dialog.locator('code').textContent()).toBe(`lab fault pause node:${node}`);
  await page.keyboard.press('Escape');

  await page.locator('[data-heal="isolate-1"]').click();
  await expect
    .poll(() => taken)
    .toEqual([
      { do: 'inject', words: ['pause', 'node:redis-2'] },
      { do: 'inject', words: ['cut', `host:${from}`, `node:${to}`, '--by=packets'] },
      { do: 'heal', id: 'isolate-1' },
    ]);
});

it('says when the lab is gone', async () => {
  const { page } = await openAddress(site.address);
  await page.locator('[data-live-note][data-state=live]').waitFor();
  await site.close();
  await page.getByText('not connected').waitFor();
});
