/** HTML that is safe to embed as it is. Made by `html` alone, or by `trusted` from text of this folder. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[] | null | false;

/**
 * A tagged template whose values are escaped, unless they are Markup themselves. Lists are joined; null and
 * false give nothing.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { markup: String.raw({ raw: parts }, ...values.map(embed)) };
}

/** Text that this folder wrote itself (styles, the script) and that needs no escaping. */
export function trusted(markup: string): Markup {
  return { markup };
}

export function join(items: readonly Markup[]): Markup {
  return { markup: items.map((item) => item.markup).join('') };
}

function embed(value: Value): string {
  if (value === null || value === false) return '';
  if (typeof value === 'object') return 'markup' in value ? value.markup : join(value).markup;
  return escapeText(String(value));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/**
 * Text for element content and quoted attributes. Control characters and the marks that turn the direction of
 * text around are shown as their code, lone surrogates as U+FFFD: a key or an error may hold anything.
 */
export function escapeText(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (sign) => entities[sign] ?? sign);
}

/**
 * Data for the page's script, in a block that no browser runs. Nothing in it can end the block, and its texts are as
 * harmless as `escapeText` makes them.
 */
export function dataBlock(className: string, data: unknown): Markup {
  const json = JSON.stringify(data, (_, value) => {
    if (typeof value === 'string') return visible(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [visible(key), each]));
  });
  return html`<script type="application/json" class="${className}">${trusted(json.replaceAll('<', '\\u003c'))}</script>`;
}

/** A text with everything shown as its code that would not be seen, or would turn the text around; the same again leaves it so. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u2028\u2029]/g, (sign) => (sign === '\u2028' ? '\\u2028' : '\\u2029'))
    .replace(/[^\P{C}\n\t\uFFFD]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16) ?? ''}}`);
}
