import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runScenario } from 'failover-lab';
import { expect, it } from 'vitest';
import { documentOf } from '../../reports/data/run-document.ts';
import { renderReport } from '../../reports/html/render-report.ts';
import { misplacedTexts } from './misplaced-texts.ts';
import { openPage, usesBrowser } from './open-page.ts';

usesBrowser();

// Samples are as somebody imagines a run; a real one has events, logs and gaps that nobody thought of.
it('the report of a run that was made just now is sound, and all of it is there', async () => {
  const out = mkdtempSync(path.join(tmpdir(), 'lab-real-run-'));
  try {
    const file = new URL('../planted/lost-adds.scenario.ts', import.meta.url);
    const { record } = await runScenario(file, { variant: 'vulnerable', out });
    const { page, complaints, requests } = await openPage(renderReport(documentOf(record)));
    for (const width of [1280, 375]) {
      await page.setViewportSize({ width, height: 900 });
      await page.reload();
      expect({ width, misplaced: await misplacedTexts(page) }).toEqual({ width, misplaced: [] });
    }
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
    const shown = await page.locator('main').textContent();
    for (const { name } of record.processes) expect(shown).toContain(name);
    for (const { name, summary } of record.checks) {
      expect(shown).toContain(name);
      expect(shown).toContain(summary);
    }
    expect(shown).toContain(String(record.seed));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
