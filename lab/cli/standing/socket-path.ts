import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { LabError, messageOf, UsageError } from '../../common/errors.ts';
import { stateDirectory } from '../state-directory.ts';

const NAME = /^[a-z0-9][a-z0-9-]*$/;
/** A unix socket's path has 107 bytes at most (unix(7)). */
const MOST_BYTES = 107;

/** The directory of the standing labs' sockets and logs, which nobody else may enter. LabError where it cannot be had. */
export function standingDirectory(): string {
  const directory = path.join(stateDirectory(process.env), 'standing');
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new LabError(
      `expected a directory for standing labs that can be written, got: ${messageOf(error)}`,
      {
        details: ['set XDG_STATE_HOME to a directory that you may write to'],
      },
    );
  }
  return directory;
}

/** Where the lab of this name listens to other commands. UsageError for a name that is none. */
export function socketPath(name: string): string {
  if (!NAME.test(name))
    throw new UsageError(`--name: expected small letters, digits and hyphens, got ${JSON.stringify(name)}`);
  const socket = path.join(standingDirectory(), `${name}.sock`);
  const bytes = Buffer.byteLength(socket);
  if (bytes <= MOST_BYTES) return socket;
  throw new UsageError(
    `expected a socket's path of at most ${MOST_BYTES} bytes, got ${bytes}: ${socket}; take a shorter --name, or set XDG_STATE_HOME`,
  );
}
