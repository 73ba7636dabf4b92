import { catalogue } from '../scenario/catalogue.ts';
import { summaryOf, variantsOf } from '../scenario/variants.ts';
import { timingNames } from './option-values.ts';
import type { Streams } from './setup.ts';
import { shownPath } from './shell-word.ts';

/** `lab list`: the scenarios that come with the lab. Returns 0. */
export async function listCommand(options: { json?: boolean }, { stdout }: Streams): Promise<number> {
  const scenarios = (await catalogue()).map(({ scenario, file }) => ({
    name: scenario.name,
    title: scenario.title,
    claim: scenario.claim,
    headline: scenario.headline ?? false,
    variants: Object.fromEntries(
      variantsOf(scenario).map((variant) => [variant, summaryOf(scenario, variant)]),
    ),
    timings: scenario.timings ?? timingNames,
    file: shownPath(file),
  }));
  if (options.json) {
    stdout.write(`${JSON.stringify({ version: 1, scenarios }, null, 2)}\n`);
    return 0;
  }
  for (const { name, headline, claim, variants } of scenarios) {
    stdout.write(`${name}${headline ? '  (headline)' : ''}\n  ${claim}\n`);
    for (const [variant, text] of Object.entries(variants))
      stdout.write(`    ${variant.padEnd(10)} ${text}\n`);
  }
  return 0;
}
