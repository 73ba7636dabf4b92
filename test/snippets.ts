import { readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.dirname(import.meta.dirname);

/** A whole file that a document shows. */
export interface Snippet {
  /** `mine.scenario.ts` */
  file: string;
  text: string;
}

/** The text of a document, by its path in the project. */
export function documentText(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

/** The blocks of a language, without their fences. */
export function blocks(markdown: string, language: string): string[] {
  const fenced = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return [...markdown.matchAll(fenced)].map(([, text = '']) => text);
}

/** The ts blocks whose first line names a file: `// mine.scenario.ts`, `// file: mine.scenario.ts`. */
export function snippets(markdown: string): Snippet[] {
  return blocks(markdown, 'ts').flatMap((text) => {
    const file = /^\/\/ (?:file: )?([\w-]+(?:\.\w+)*\.ts)\n/.exec(text)?.[1];
    return file === undefined ? [] : [{ file, text }];
  });
}

/** Every `npx lab …` and `npm …` of the sh blocks and of code in sentences, as words, without comments; `a && b` are two. */
export function commandsShown(markdown: string): string[][] {
  const inBlocks = blocks(markdown, 'sh').flatMap((text) => text.split('\n'));
  const inSentences = [...markdown.matchAll(/(?<!`)`((?:npx|npm) [^`]+)`/g)].map(([, text = '']) => text);
  return [...inBlocks, ...inSentences]
    .map((line) => line.replace(/\s#.*$/, ''))
    .flatMap((line) => line.split('&&'))
    .map((command) => command.trim().split(/\s+/))
    .filter(([first]) => first === 'npx' || first === 'npm');
}
