import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';

/** What a short command in a container came to. */
export interface RanOnce {
  code: number;
  /** Standard output and error, as they came. */
  output: string;
}

/**
 * Runs a program of an image in a container, without a network unless `host` has one, and removes the container. `command`
 * begins with the program, whatever the image's own entry point is. Throws what the daemon says when it cannot be started.
 */
export async function runOnce(
  docker: Docker,
  image: string,
  command: readonly string[],
  host?: Docker.HostConfig,
): Promise<RanOnce> {
  const [program = '', ...args] = command;
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: [program],
    Cmd: args,
    // One stream, not two with frames around their parts.
    Tty: true,
    ...(host === undefined ? { NetworkDisabled: true } : { HostConfig: host }),
  });
  try {
    await container.start();
    const { StatusCode: code } = await container.wait();
    // As a stream: a whole answer that happens to be JSON would be parsed on the way.
    const log = await container.logs({ follow: true, stdout: true, stderr: true });
    return { code, output: (await text(log)).replaceAll('\r\n', '\n') };
  } finally {
    await container.remove({ force: true });
  }
}
