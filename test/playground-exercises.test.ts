import { expect, test } from 'vitest';
import { exercisesIn, isShown, marked } from './playground-exercises.ts';
import { documentText } from './snippets.ts';

const guide = documentText('docs/playground.md');

test('there are five exercises, and each shows what is to be seen', () => {
  const exercises = exercisesIn(guide);
  expect(exercises.map(({ title }) => title.slice(0, 2))).toEqual(['1.', '2.', '3.', '4.', '5.']);
  for (const { title, steps } of exercises)
    expect(steps.filter(({ shown }) => shown !== null).length, title).toBeGreaterThan(1);
});

test('who repeats a command is shown what for', () => {
  const steps = exercisesIn(guide).flatMap((exercise) => exercise.steps);
  expect(steps.filter(({ again, shown }) => again && shown === null)).toEqual([]);
});

test('what is typed before and after is found', () => {
  expect(marked(guide, 'setup')).toContain('docker compose up -d --wait');
  expect(marked(guide, 'end')).toBe('docker compose down -v\n');
});

test.each([
  ['OK\n1\n', 'OK\n1\n', true],
  ['OK\n2\n', 'OK\n1\n', false],
  ['\n\npaid\n', '\npaid\n', false],
  ['\npaid\n', '\npaid\n', true],
  ['master\n12\nx\n', 'master\n…\n', true],
  ['slave\n12\n', 'master\n…\n', false],
  ['asked 9 times\n', 'asked ## times\n', false],
  ['asked 68 times\n', 'asked ## times\n', true],
  ['a refusal\n\n', 'a refusal\n', true],
])('%j is %j: %s', (printed, shown, expected) => {
  expect(isShown(printed, shown)).toBe(expected);
});
