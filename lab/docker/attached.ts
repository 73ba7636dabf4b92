import { type Duplex, PassThrough } from 'node:stream';
import type Docker from 'dockerode';

/** The ends of a container's program that we hold. */
export interface Attached {
  readonly stdin: Duplex;
  readonly stdout: NodeJS.ReadableStream;
  readonly stderr: NodeJS.ReadableStream;
  /** Its exit code, 128 + signal for one that was ended by a signal, once all that it wrote has been handed on. */
  readonly ended: Promise<number>;
}

/** Attaches to a container that has been created and not started, so that nothing of it is missed. */
export async function attached(docker: Docker, container: Docker.Container): Promise<Attached> {
  const stdin = (await container.attach({
    stream: true,
    hijack: true,
    stdin: true,
    stdout: true,
    stderr: true,
  })) as Duplex;
  // A process that has gone cannot be written to; its exit is what tells.
  stdin.on('error', () => {});
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  docker.modem.demuxStream(stdin, stdout, stderr);
  const closed = new Promise<void>((resolve) => {
    stdin.once('close', () => {
      stdout.end();
      stderr.end();
      resolve();
    });
  });
  const exit = container.wait({ condition: 'next-exit' }) as Promise<{ StatusCode: number }>;
  const ended = exit.then(async ({ StatusCode }) => {
    await closed;
    return StatusCode;
  });
  ended.catch(() => {});
  return { stdin, stdout, stderr, ended };
}
