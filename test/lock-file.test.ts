import { expect, it } from 'vitest';
import { documentText } from './snippets.ts';

interface Locked {
  version?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}
const { packages } = JSON.parse(documentText('package-lock.json')) as { packages: Record<string, Locked> };

// npm leaves out what the registry at hand does not offer, and npm ci then refuses the whole file.
it('has an entry for every optional dependency, of other platforms too', () => {
  const missing = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies).filter(
      (name) => packages[`node_modules/${name}`]?.version === undefined,
    ),
  );
  expect(missing).toEqual([]);
});

it('names no registry', () => {
  const resolved = Object.entries(packages).filter(([, locked]) => locked.resolved !== undefined);
  expect(resolved).toEqual([]);
});
