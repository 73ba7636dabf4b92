/** `0-5460 5462` as pairs of the first and the last slot; nothing for an empty text. */
export function slotRanges(text: string): [from: number, to: number][] {
  if (text === '') return [];
  return text.split(' ').map((range) => {
    const [from = '', to = from] = range.split('-');
    return [Number(from), Number(to)];
  });
}
