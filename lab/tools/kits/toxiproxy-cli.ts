import { goKit } from './go-kit.ts';

/** Toxiproxy's command line, which its official image holds beside the server. */
export const toxiproxyCli = goKit({
  name: 'toxiproxy-cli',
  module: 'github.com/Shopify/toxiproxy/v2',
  command: 'github.com/Shopify/toxiproxy/v2/cmd/cli',
  version: '2.12.0',
  builtAs: 'cli',
  homepage: 'https://github.com/Shopify/toxiproxy#1-installing-toxiproxy',
});
