/** Something that docs/playground.md tells its reader to type. */
export interface Step {
  /** For a shell. */
  script: string;
  /** Whether it is to be repeated until it prints what is shown. */
  again: boolean;
  /** What it prints, whole: `…` stands for anything, `##` for a number of two digits or more. null: nothing is shown. */
  shown: string | null;
}

export interface Exercise {
  title: string;
  steps: readonly Step[];
}

/**
 * The exercises, a section each: blocks of the language sh, each with the block of text after it. The word behind the
 * language says when a step is over (`until`), or that it belongs to no exercise (`setup`, `end`, `skip`).
 */
export function exercisesIn(markdown: string): Exercise[] {
  return markdown
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [own = ''] = section.split(/^## /m);
      return { title: own.split('\n')[0] ?? '', steps: stepsIn(own) };
    });
}

/** The commands of a block that is marked with a word. */
export function marked(markdown: string, word: string): string {
  return new RegExp(`^\`\`\`sh ${word}\\n(.*?)^\`\`\`$`, 'ms').exec(markdown)?.[1] ?? '';
}

function stepsIn(section: string): Step[] {
  const fenced = /^```sh( until)?\n(.*?)^```\n(?:```text\n(.*?)^```$)?/gms;
  return [...section.matchAll(fenced)].map(([, word, script = '', shown]) => ({
    script,
    again: word !== undefined,
    shown: shown ?? null,
  }));
}

/** Whether something printed is what is shown. */
export function isShown(printed: string, shown: string): boolean {
  const pattern = plain(shown)
    .split(/(…|##)/)
    .map((part) =>
      part === '…' ? '.*' : part === '##' ? '[1-9]\\d+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${pattern}$`, 's').test(plain(printed));
}

/** Without what nobody sees: the ends of lines, and empty lines at the end. */
function plain(text: string): string {
  return text.replace(/[ \t\r]+$/gm, '').replace(/\n+$/, '');
}
