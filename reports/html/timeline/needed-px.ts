/** How wide a bar has to be for a text in it, in px: seven for each sign of its font, and its margins. */
export function neededPx(text: string): number {
  return text.length * 7 + 10;
}
