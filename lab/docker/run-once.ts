import type Docker from 'dockerode';

/** What a short command in a container came to. */
export interface RanOnce {
  code: number;
  /** Standard output and error, as they came. */
  output: string;
}

/**
 * Runs a program of an image in a container without a network, and removes the container. `command` begins with the
 * program, whatever the image's own entry point is. Throws what the daemon says when it cannot be started.
 */
export async function runOnce(docker: Docker, image: string, command: readonly string[]): Promise<RanOnce> {
  const [program = '', ...args] = command;
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: [program],
    Cmd: args,
    // One stream, not two with frames around their parts.
    Tty: true,
    NetworkDisabled: true,
  });
  try {
    await container.start();
    const { StatusCode: code } = await container.wait();
    const log = await container.logs({ stdout: true, stderr: true });
    return { code, output: log.toString().replaceAll('\r\n', '\n') };
  } finally {
    await container.remove({ force: true });
  }
}
