import { spawn } from 'node:child_process';
import { LabError } from '../common/errors.ts';
import { onPath } from './search-path.ts';

export interface CommandOptions {
  environment: NodeJS.ProcessEnv;
  /** Milliseconds until the command is ended. Default: none. */
  timeoutMs?: number;
  directory?: string;
  signal?: AbortSignal | undefined;
  /** End the command when this process dies, by whatever cause (Linux, through setpriv). Default false. */
  diesWithUs?: boolean;
}

/**
 * Runs a command to its end and returns what it printed, standard error after standard output.
 * Throws LabError when it cannot be started, fails or takes too long; its last lines are the details.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  options.signal?.throwIfAborted();
  const [file, argv] = options.diesWithUs ? leashed(command, args, options.environment) : [command, args];
  const child = spawn(file, argv, {
    env: options.environment,
    cwd: options.directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    printed.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed.err += chunk;
  });
  let tooSlow = false;
  const timer = setTimeout(
    () => {
      tooSlow = true;
      child.kill('SIGKILL');
    },
    options.timeoutMs ?? 2 ** 31 - 1,
  );
  const onAbort = () => child.kill('SIGTERM');
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const said = () => lastLines(printed.out + printed.err);
  try {
    // `exit`, not `close`: a grandchild that keeps the pipes open must not keep the lab waiting.
    const end = await new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', () => resolve(ending(child.exitCode, child.signalCode)));
      child.once('exit', () =>
        setTimeout(() => resolve(ending(child.exitCode, child.signalCode)), 200).unref(),
      );
    });
    options.signal?.throwIfAborted();
    if (tooSlow)
      throw new LabError(`${command} did not end within ${options.timeoutMs} ms`, { details: said() });
    if (end !== '') throw new LabError(`${command} ${args.join(' ')} ${end}`, { details: said() });
    return printed.out + printed.err;
  } catch (error) {
    if (error instanceof LabError || options.signal?.aborted) throw error;
    throw new LabError(`${command} cannot be started`, { cause: error, details: [String(error)] });
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

function ending(code: number | null, signal: NodeJS.Signals | null): string {
  if (code === 0) return '';
  return signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
}

/** The same command under `setpriv --pdeathsig KILL`, where that exists. */
export function leashed(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): [string, readonly string[]] {
  const setpriv = process.platform === 'linux' ? onPath('setpriv', environment) : undefined;
  return setpriv === undefined ? [command, args] : [setpriv, ['--pdeathsig', 'KILL', '--', command, ...args]];
}

/** What somebody needs of a long output: its last lines. */
export function lastLines(text: string, count = 8): string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-count);
}
