import { visible } from '../markup.ts';

/** How wide a bar has to be for a text in it, in px: seven for each sign of its font, and its margins. */
export function neededPx(text: string): number {
  return visible(text).length * 7 + 10;
}
