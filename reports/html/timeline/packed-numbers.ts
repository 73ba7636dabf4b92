/**
 * Small whole numbers as text that needs no escaping in HTML or JSON: one sign below 44, two below 1936. Digits to the
 * base of 44, the lowest first; the signs of the alphabet's second half say that more follow.
 */
const base = 44;
const alphabet = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i))
  .filter((sign) => !`"'<>&\\`.includes(sign))
  .join('');
const digits = new Map([...alphabet].map((sign, i) => [sign.charCodeAt(0), i]));

export function packNumbers(numbers: readonly number[]): string {
  let text = '';
  for (const number of numbers) {
    let rest = number;
    for (; rest >= base; rest = Math.floor(rest / base)) text += alphabet[base + (rest % base)];
    text += alphabet[rest];
  }
  return text;
}

export function unpackNumbers(text: string): number[] {
  const numbers: number[] = [];
  let number = 0;
  let factor = 1;
  for (let i = 0; i < text.length; i++) {
    const value = digits.get(text.charCodeAt(i)) ?? 0;
    number += (value % base) * factor;
    factor *= base;
    if (value >= base) continue;
    numbers.push(number);
    number = 0;
    factor = 1;
  }
  return numbers;
}
