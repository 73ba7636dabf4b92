import { messageOf } from '../common/errors.ts';
import { namespacesSupport } from '../hosts/namespaces-support.ts';
import type { BackendName } from '../run/place.ts';

export interface ChosenBackend {
  name: BackendName;
  /** One line: why this one. */
  why: string;
}

/**
 * Namespaces where they can be made, because they need nothing else and start faster; else containers where a daemon
 * answers; else namespaces, whose error then says what is missing.
 */
export async function chooseBackend(): Promise<ChosenBackend> {
  const namespaces = await namespacesSupport();
  if (namespaces.mode !== 'none')
    return { name: 'namespaces', why: `backend namespaces, chosen because ${namespaces.why}` };
  try {
    // Loaded only here: where namespaces can be made nobody waits for it.
    const { openDaemon } = await import('../docker/daemon.ts');
    const { version, system } = await openDaemon();
    return {
      name: 'containers',
      why: `backend containers, chosen because ${namespaces.why}, and Docker ${version} (${system}) answers`,
    };
  } catch (error) {
    return {
      name: 'namespaces',
      why: `no backend works here: ${namespaces.why}; and ${messageOf(error)}`,
    };
  }
}
