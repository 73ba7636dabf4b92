import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BUNDLE, bundleClient } from './bundle-client.ts';

test('the report’s script is what its sources say; else run node scripts/bundle-client.ts', async () => {
  expect(readFileSync(BUNDLE, 'utf8')).toBe(await bundleClient());
});
