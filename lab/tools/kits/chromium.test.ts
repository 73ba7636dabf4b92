import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakeMachine, fakeMachine, prints } from '../fake-machine.ts';
import { setupTools } from '../setup-tools.ts';
import { allTools } from '../tool-sets.ts';

let machine: FakeMachine;
beforeEach(() => {
  machine = fakeMachine();
});
afterEach(() => machine.remove());

const setup = (options = {}) => setupTools(['chromium'], { ...machine.options, ...options });

it.each([
  ['chromium', 'Chromium 140.0.7339.80 built on Debian GNU/Linux 12 (bookworm)'],
  ['google-chrome', 'Google Chrome 140.0.7339.80 '],
  ['google-chrome', 'Google Chrome for Testing 140.0.7339.80'],
])('takes %s that says "%s"', async (name, says) => {
  const path = machine.program(name, `echo "${says}"`);
  expect(await setup()).toMatchObject({ chromium: { path, version: '140.0.7339' } });
});

it('is told by a variable, and brought by apt', async () => {
  const path = machine.program('elsewhere', prints.chromium('140.0.1'));
  const environment = { ...machine.environment, LAB_CHROMIUM: path };
  expect(await setup({ environment })).toMatchObject({ chromium: { path, from: 'environment' } });

  machine.program('apt-cache', "printf '  Candidate: 141.0.7390.54-1~deb12u1\\n'");
  machine.program('env', 'exec /usr/bin/env "$@"');
  machine.program(
    'apt-get',
    `for last in "$@"; do :; done; [ "$last" = chromium ] || exit 9
    printf '#!/bin/sh\\necho Chromium 141.0.7390\\n' > "$BIN/chromium"; chmod +x "$BIN/chromium"`,
  );
  expect(await setup({ uid: 0 })).toMatchObject({
    chromium: { version: '141.0.7390', how: 'apt-get install chromium' },
  });
});

it('is nothing that a run or lab setup asks for', () => {
  expect(allTools()).not.toContain('chromium');
});
