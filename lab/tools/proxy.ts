import { setGlobalProxyFromEnv } from 'node:http';

const names = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'] as const;

/** Makes fetch go through the proxy that the environment names; by itself it takes no notice of these variables. */
export function useProxy(environment: NodeJS.ProcessEnv): void {
  if (names.some((name) => environment[name])) setGlobalProxyFromEnv(environment);
}
