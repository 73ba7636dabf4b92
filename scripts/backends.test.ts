import { expect, it } from 'vitest';
import { catalogue } from '../lab/scenario/catalogue.ts';
import { sampleMatrixRuns } from '../reports/matrix/sample-matrix.ts';
import { backendsMarkdown } from './backends-markdown.ts';
import { betweenMarks } from './between-marks.ts';

const text = betweenMarks('docs/backends.md', 'backends');

it('docs/backends.md has every scenario in namespaces and in containers, both variants, as expected', async () => {
  const came = new Map(
    [...text.matchAll(/^\| (\S+)(?: \([^)]*\))? \| (vulnerable|hardened) \| ([^|]*) \| ([^|]*) \|$/gm)].map(
      ([, scenario, variant, namespaces = '', containers = '']) => [
        `${scenario} ${variant}`,
        [namespaces[0], containers[0]],
      ],
    ),
  );
  const all = (await catalogue()).flatMap(({ scenario: { name } }) => [
    `${name} vulnerable`,
    `${name} hardened`,
  ]);
  expect([...came.keys()].sort()).toEqual(all.sort());
  for (const [run, signs] of came) expect(`${run}: ${signs.join(' ')}`).toMatch(/: [✓≠] [✓≠]$/);
});

it('has the form that the script writes today', () => {
  const written = backendsMarkdown(
    sampleMatrixRuns().map((run, i) => (i % 2 === 0 ? run : { ...run, backend: 'containers' })),
  );
  const headings = (markdown: string) => markdown.match(/^## .*$/gm) ?? [];
  expect(headings(text)).toEqual(headings(written));
  expect(written).toMatch(/\| of a run \| with \| namespaces \| containers \|/);
  expect(text).toContain('| of a run | with | namespaces | containers |');
});
