import type { DockerPlace } from '../docker/lab-container.ts';
import type { SandboxTools } from '../hosts/sandbox.ts';

/** Where runs go on: in namespaces of this machine, or in containers of a daemon. */
export type Place =
  | ({ backend: 'namespaces'; mode: 'root' | 'user' } & SandboxTools)
  | ({ backend: 'containers' } & DockerPlace);

export type BackendName = Place['backend'];
