import { expect, it } from 'vitest';
import { publishedSha256 } from './checksums.ts';

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];

it('reads the formats of sha256sum and of Redis', () => {
  expect(publishedSha256(`${a}  one\n${b} *two\n`, 'one')).toBe(a);
  expect(publishedSha256(`${a}  one\r\n${b.toUpperCase()} *two\r\n`, 'two')).toBe(b);
  expect(publishedSha256(`# a comment\nhash one sha256 ${a} http://example.org/one\n`, 'one')).toBe(a);
});

it('takes no sum of another file, length or algorithm', () => {
  expect(publishedSha256(`${a}  one.sig\n`, 'one')).toBeUndefined();
  expect(publishedSha256(`${a.slice(1)}  one\n`, 'one')).toBeUndefined();
  expect(publishedSha256(`hash one sha1 ${a.slice(24)} http://example.org/one\n`, 'one')).toBeUndefined();
  expect(publishedSha256('<html>not a list</html>', 'one')).toBeUndefined();
});
