/** A product of the catalogue. Every write counts its version up, from 1. */
export interface Product {
  id: number;
  version: number;
  name: string;
  priceCents: number;
}

/** The name that logs and histories know it by. */
export const keyOf = (id: number) => `product:${id}`;

/** Where the caches' fills come from: a product, or null for one that does not exist. */
export type Found = Product | null;

/** As Redis keeps it: `<version>:<JSON>`, so that scripts can compare versions cheaply; `0:` is "there is none". */
export function encode(product: Found): string {
  return product === null ? '0:' : `${product.version}:${JSON.stringify(product)}`;
}

/** The reverse of `encode`. Throws SyntaxError for a value that this application did not write. */
export function decode(text: string): Found {
  const json = text.slice(text.indexOf(':') + 1);
  return json === '' ? null : (JSON.parse(json) as Product);
}
