import { expect, it } from 'vitest';
import { openPage, usesBrowser } from './open-page.ts';
import { pages } from './pages.ts';

usesBrowser();

it('the suite page shows the scenarios of a theme, an outcome or a name, in all of its tables', async () => {
  const { page } = await openPage(pages.index?.() ?? '');
  const shown = async (section: string) => {
    const rows = await page.locator(`#${section} tr[data-name]:visible`).all();
    return [...new Set(await Promise.all(rows.map((row) => row.getAttribute('data-name'))))];
  };
  const long = 'a-failover-with-quite-a-long-name';
  expect(await shown('outcomes')).toEqual(['split-brain', long, 'wipe']);
  await page.selectOption('select[name=theme]', 'replication');
  for (const section of ['outcomes', 'worth', 'runs']) expect(await shown(section)).toEqual([long]);
  expect(await page.locator('#outcomes .theme:visible').allTextContents()).toEqual(['replication']);
  expect(await page.locator('.filter output').textContent()).toBe('1 of 3 scenarios');
  await page.selectOption('select[name=theme]', '');
  await page.selectOption('select[name=outcome]', 'lab-failed');
  expect(await shown('outcomes')).toEqual(['wipe']);
  await page.selectOption('select[name=outcome]', '');
  await page.fill('input[name=text]', 'LONG name');
  expect(await shown('outcomes')).toEqual([long]);
  await page.fill('input[name=text]', '');
  expect(await shown('outcomes')).toHaveLength(3);
  expect(await page.locator('.filter output').textContent()).toBe('');
});
