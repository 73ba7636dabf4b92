import { createHash } from 'node:crypto';
import { script } from './client.bundle.ts';
import { html, type Markup, trusted } from './markup.ts';
import { style } from './style.css.ts';

export interface PageOptions {
  /** The only script of the page. Default: that of reports. */
  script?: string;
  /** Styles behind those that all pages have. */
  style?: string;
  /** Whether its script speaks with the server that it comes from. Default false: it works from a file. */
  isConnected?: boolean;
  /** `data-` attributes of the body, for the script. */
  data?: Readonly<Record<string, string>>;
}

/** A page's own script and nothing else may run, and nothing may be loaded: whatever the data holds. */
function policyOf(code: string, isConnected: boolean): string {
  const hash = createHash('sha256').update(code).digest('base64');
  const connections = isConnected ? "; connect-src 'self'" : '';
  return `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'${connections}; base-uri 'none'; form-action 'none'`;
}

/** A complete, self-contained HTML document. */
export function page(title: string, body: Markup, options: PageOptions = {}): string {
  const { script: code = script, isConnected = false, data = {} } = options;
  const attributes = Object.entries(data).map(([name, value]) => html` data-${name}="${value}"`);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${trusted(policyOf(code, isConnected))}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title>
<style>${trusted(style + (options.style ?? ''))}</style></head><body${attributes}><main>${body}</main><script>${trusted(code)}</script></body></html>
`.markup;
}
