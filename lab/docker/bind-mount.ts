import type Docker from 'dockerode';

/** A file or directory of the daemon's machine in a container, at the same path unless told otherwise. */
export function bindMount(source: string, readOnly: boolean, target = source): Docker.MountSettings {
  return { Type: 'bind', Source: source, Target: target, ReadOnly: readOnly };
}
