import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakeMachine, fakeMachine } from '../fake-machine.ts';
import { setupTools } from '../setup-tools.ts';
import { allTools } from '../tool-sets.ts';

let machine: FakeMachine;
beforeEach(() => {
  machine = fakeMachine();
});
afterEach(() => machine.remove());

/** A compiler that builds what says of itself, as Go's linker writes it, what was asked for; and tells what that was. */
const compiler = `echo "$@" >> "$LOG"
[ "$1" = install ] || exit 0
module=\${2%@*} version=\${2#*@}
built="$GOBIN/\${module##*/}"
printf '#!/bin/sh\\n\\nmod\\t%s\\t%s\\t\\n' "\${module%/cmd/*}" "$version" > "$built"; chmod +x "$built"`;

it.each([
  ['ryuk', '0.14.0', 'github.com/testcontainers/moby-ryuk@v0.0.0-20250926081232-b3726afd6cc2'],
  ['toxiproxy-cli', '2.12.0', 'github.com/Shopify/toxiproxy/v2/cmd/cli@v2.12.0'],
] as const)('%s is brought by go install, and knows its version', async (name, version, target) => {
  machine.program('go', compiler);
  expect(await setupTools([name], machine.options)).toMatchObject({
    [name]: { version, from: 'go install' },
  });
  expect(machine.log()).toContain(`install ${target}`);
  // From the cache now.
  expect(await setupTools([name], machine.options)).toMatchObject({ [name]: { version, from: 'cache' } });
  expect(machine.log().filter((line) => line.startsWith('install'))).toHaveLength(1);
});

it('are nothing that lab setup asks for', () => {
  for (const name of ['ryuk', 'toxiproxy-cli', 'dockerd']) expect(allTools()).not.toContain(name);
});

it('takes no binary of another module', async () => {
  const LAB_RYUK = machine.program('ryuk', 'true');
  await expect(
    setupTools(['ryuk'], { ...machine.options, environment: { ...machine.environment, LAB_RYUK } }),
  ).rejects.toThrow(/expected a binary that Go built of github.com\/testcontainers\/moby-ryuk, got another/);
});
