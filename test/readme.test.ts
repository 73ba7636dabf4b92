import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { program } from '../lab/cli/program.ts';
import { TestDirectory } from '../lab/cli/test-lab.ts';
import { catalogue } from '../lab/scenario/catalogue.ts';
import { commandsShown, documentText, type Snippet, snippets } from './snippets.ts';
import { SOURCES, typeCheck } from './type-check.ts';

const ROOT = path.dirname(import.meta.dirname);
const DOCUMENTS = ['README.md', 'docs/writing-a-scenario.md'];

let directory: TestDirectory;
beforeEach(() => {
  directory = new TestDirectory();
});
afterEach(() => directory.remove());

function write(shown: readonly Snippet[]): void {
  for (const { file, text } of shown) writeFileSync(path.join(directory.path, file), text);
  writeFileSync(path.join(directory.path, 'package.json'), JSON.stringify({ type: 'module' }));
  // So that their compiler finds vitest, as in a user's project that has it.
  mkdirSync(path.join(directory.path, 'node_modules'), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules/vitest'), path.join(directory.path, 'node_modules/vitest'));
}

describe('snippets', () => {
  it('are those that the tests below know', () => {
    const files = DOCUMENTS.map((document) => snippets(documentText(document)).map(({ file }) => file));
    expect(files[0]).toEqual(['mine.scenario.ts', 'mine.test.ts']);
    expect(files[1]).toEqual([
      'mine.scenario.ts',
      'split.scenario.ts',
      'weather.scenario.ts',
      'hole.scenario.ts',
      'mine.test.ts',
      'nightly.ts',
    ]);
  });

  it.each(DOCUMENTS)('of %s have types, which a user’s compiler holds them to', async (document) => {
    write(snippets(documentText(document)));
    await typeCheck(directory.path, 'nodenext', SOURCES);
    const mine = path.join(directory.path, 'mine.scenario.ts');
    const wrong = readFileSync(mine, 'utf8').replace(/clients: \d+/, "clients: 'four'");
    writeFileSync(mine, wrong);
    await expect(typeCheck(directory.path, 'nodenext', SOURCES)).rejects.toThrow(
      /'string' is not assignable/,
    );
  });

  const scenarios = DOCUMENTS.flatMap((document) =>
    snippets(documentText(document))
      .filter(({ file }) => file.endsWith('.scenario.ts'))
      .map((shown) => ({ document, ...shown })),
  );
  it.each(scenarios)('$document, $file: runs, and both variants are as expected', async (shown) => {
    write([shown]);
    const lab = directory.lab('run', `./${shown.file}`, '--parallel', '2');
    expect(await lab.ended(), lab.stdout() + lab.stderr()).toBe(0);
    expect(lab.stdout()).toContain('2 runs: 2 as expected');
  });
});

describe('commands', () => {
  const streams = { stdout: { write: () => true }, stderr: { write: () => true } };
  const scripts = Object.keys(
    (JSON.parse(documentText('package.json')) as { scripts: Record<string, string> }).scripts,
  );
  const shown = [...DOCUMENTS, 'CONTRIBUTING.md'].flatMap((document) =>
    commandsShown(documentText(document)).map((words) => ({ document, words, line: words.join(' ') })),
  );

  it.each(shown.filter(({ words }) => words[0] === 'npm'))(
    '$document: $line',
    ({ words: [, verb, script] }) => {
      if (verb === 'ci') return;
      expect(scripts).toContain(verb === 'run' ? script : verb);
    },
  );

  it.each(shown.filter(({ words }) => words[0] === 'npx' && words[1] === 'lab'))(
    '$document: $line',
    async ({ words: [, , name = '', ...args] }) => {
      const command = program(streams, () => {}).commands.find((one) => one.name() === name);
      if (command === undefined) throw new Error(`lab has no command ${name}`);
      const parsed = await parse(command, args);
      if (name !== 'run') return;
      const known = (await catalogue()).map(({ scenario }) => scenario.name);
      // Files of the reader's own are run above, <name> is any.
      for (const each of parsed) if (!/^\.\/|^<name>$/.test(each)) expect(known).toContain(each);
    },
  );

  it('finds some in each document, and an unknown option', async () => {
    expect(new Set(shown.map(({ document }) => document))).toEqual(
      new Set([...DOCUMENTS, 'CONTRIBUTING.md']),
    );
    const run = program(streams, () => {}).commands.find((one) => one.name() === 'run') as Command;
    await expect(parse(run, ['split-brain', '--no-such-option'])).rejects.toThrow(/unknown option/);
  });
});

/** Parses the arguments as the command, or its subcommand, does, without doing anything; returns those that are no options. */
async function parse(command: Command, args: readonly string[]): Promise<string[]> {
  const below = command.commands.find((one) => one.name() === args[0]);
  if (below !== undefined) return parse(below, args.slice(1));
  let parsed: string[] = [];
  command
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .action(() => {
      parsed = command.args;
    });
  await command.parseAsync([...args], { from: 'user' });
  return parsed;
}
