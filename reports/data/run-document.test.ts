import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parseRunDocument } from './parse-run-document.ts';
import { documentOf, textOf } from './run-document.ts';
import { emptySample, labFailedSample, splitBrainSample } from './sample.ts';
import { runDocumentSchema } from './schema/run-document-schema.ts';

const published = JSON.parse(readFileSync(new URL('run-document.schema.json', import.meta.url), 'utf8'));

describe('run-document.schema.json', () => {
  it('is what the code checks by (else: node reports/data/schema/write-schema.ts)', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(runDocumentSchema)));
  });

  it('is a draft 2020-12 schema by which an independent validator accepts the samples', () => {
    const validate = new Ajv2020({ strict: false, validateSchema: true }).compile(published);
    for (const sample of [splitBrainSample(), labFailedSample(), emptySample()]) {
      validate(JSON.parse(textOf(sample)));
      expect(validate.errors).toBeNull();
    }
  });

  it('makes that validator refuse a document with a wrong, a missing and a surplus field', () => {
    const validate = new Ajv2020({ strict: false }).compile(published);
    const sample = splitBrainSample();
    const { seed: _, ...seedless } = sample;
    expect(validate({ ...sample, outcome: 'fine' })).toBe(false);
    expect(validate(seedless)).toBe(false);
    expect(validate({ ...sample, more: 1 })).toBe(false);
  });
});

describe('documentOf', () => {
  it('writes a share of nothing as null, so that the document can be read again', () => {
    const sample = splitBrainSample();
    const checks = sample.checks.map((check) => ({
      ...check,
      figures: { share: Number.NaN, top: 1 / 0, n: 2 },
    }));
    const read = parseRunDocument(textOf(documentOf({ ...sample, checks })));
    expect(read.checks[0]?.figures).toEqual({ share: null, top: null, n: 2 });
  });

  it('survives keys and errors that hold anything', () => {
    const errors = { '\ud800</script>\u2028\u0000': 3 };
    expect(parseRunDocument(textOf({ ...splitBrainSample(), errors })).errors).toEqual(errors);
  });
});
