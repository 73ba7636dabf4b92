import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Where the lab keeps what it learned from night to night: $XDG_STATE_HOME/failover-lab, else ~/.local/state/failover-lab.
 * A relative XDG_STATE_HOME is ignored, as the XDG base directory specification asks.
 */
export function stateDirectory(env: NodeJS.ProcessEnv): string {
  const { XDG_STATE_HOME: given } = env;
  const base =
    given !== undefined && path.isAbsolute(given) ? given : path.join(homedir(), '.local', 'state');
  return path.join(base, 'failover-lab');
}
