import { expect, it } from 'vitest';
import { dataBlock, escapeText, html } from './markup.ts';

it('escapes values, in content and in attributes, and leaves markup alone', () => {
  const evil = `"><script>alert('1')</script>`;
  const inner = html`<b title="${evil}">${evil}</b>`;
  const { markup } = html`<p>${inner}</p>`;
  expect(markup).not.toContain('<script');
  expect(markup.startsWith('<p><b title="&quot;&gt;&lt;script')).toBe(true);
  expect(markup.endsWith('</b></p>')).toBe(true);
});

it('shows what cannot be seen as its code, and keeps line breaks', () => {
  expect(escapeText('a\u0000b\u2028c\u202ed\u0085\ne\tf')).toBe('a\\u{0}b\\u2028c\\u{202e}d\\u{85}\ne\tf');
});

it('replaces lone surrogates and leaves pairs alone', () => {
  expect(escapeText('x\ud800y 😀')).toBe('x\ufffdy 😀');
});

it('joins lists and leaves out what is not there, but not a zero', () => {
  expect(html`${[html`<i>`, html`</i>`]}${null}${false}${0}`.markup).toBe('<i></i>0');
});

it('gives data to a script in a block that nothing in it can end', () => {
  const data = { '</script>\u202e': ['a</script><!--\u2028\u202e\u0000\ud800', 1.5, null] };
  const { markup } = dataBlock('x', data);
  expect(markup.match(/<[/!]/g)).toHaveLength(1);
  expect(markup).not.toMatch(/[\u2028\u202e]/);
  const read = JSON.parse(markup.replace(/^<[^>]*>|<\/script>$/g, ''));
  expect(read).toEqual({ '</script>\\u{202e}': ['a</script><!--\\u2028\\u{202e}\\u{0}\ufffd', 1.5, null] });
});
