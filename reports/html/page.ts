import { createHash } from 'node:crypto';
import { script } from './client.bundle.ts';
import { html, type Markup, trusted } from './markup.ts';
import { style } from './style.css.ts';

/** The page's own script and nothing else may run, and nothing may be loaded: whatever the data holds. */
const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** A complete, self-contained HTML document. */
export function page(title: string, body: Markup): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title>
<style>${trusted(style)}</style></head><body><main>${body}</main><script>${trusted(script)}</script></body></html>
`.markup;
}
