import { globSync } from 'node:fs';
import { scenarioTests } from 'failover-lab/vitest';

for (const file of globSync('**/*.scenario.ts', { cwd: import.meta.dirname }).sort()) {
  scenarioTests(new URL(file, import.meta.url));
}
