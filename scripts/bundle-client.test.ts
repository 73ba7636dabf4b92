import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BUNDLES, bundleClient } from './bundle-client.ts';

test.each(BUNDLES)(
  'the script from $folder is what its sources say; else run node scripts/bundle-client.ts',
  async ({ folder, file }) => {
    expect(readFileSync(file, 'utf8')).toBe(await bundleClient(folder));
  },
);
