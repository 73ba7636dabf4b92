import type { Kit } from '../kit.ts';
import { printedVersion } from '../printed-version.ts';

const printed = {
  pattern: /(?:Chromium|Google Chrome)[a-z ]* (\d+\.\d+\.\d+)/i,
  example: 'Chromium 140.0.7339.80',
};

/** Chromium or Chrome, for the tests of the pages alone: no run needs it, so `lab setup` does not bring it. */
export const chromium: Kit = {
  name: 'chromium',
  main: 'chromium',
  provides: ['chromium'],
  aliases: ['chromium-browser', 'google-chrome-stable', 'google-chrome'],
  system: false,
  subdirectories: [],
  variable: 'LAB_CHROMIUM',
  // The first whose `--headless` is the browser that people use, not a second implementation.
  range: { minimum: '132.0.0' },
  version: (path, context) => printedVersion(path, ['--version'], printed, context.environment),
  packages: { apt: ['chromium'], dnf: ['chromium'], apk: ['chromium'] },
  homepage: 'https://www.chromium.org/getting-involved/download-chromium/',
};
