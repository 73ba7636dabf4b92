import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * Where the lab keeps what it brought: $FAILOVER_LAB_CACHE, else $XDG_CACHE_HOME/failover-lab, else
 * ~/.cache/failover-lab. A relative XDG_CACHE_HOME is ignored, as the XDG base directory specification asks.
 */
export function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  const own = environment.FAILOVER_LAB_CACHE;
  if (own) return resolve(own);
  const xdg = environment.XDG_CACHE_HOME;
  if (xdg && isAbsolute(xdg)) return join(xdg, 'failover-lab');
  return join(environment.HOME || homedir(), '.cache', 'failover-lab');
}
