import { ConfigError, validateConfig } from './config.ts';
import { readSettings } from './read-settings.ts';
import { isLostCommand } from './redis/lost-command.ts';
import { type App, createApp } from './server.ts';

/**
 * Runs an instance until SIGTERM or SIGINT, then shuts it down and ends with 0. A wrong configuration ends with 2,
 * anything unforeseen with 1.
 */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  let app: App | undefined;
  const die = (error: unknown): never => {
    if (app === undefined) process.stderr.write(`${error instanceof ConfigError ? error.message : error}\n`);
    else app.server.log.fatal(error instanceof Error ? error : { reason: String(error) }, 'uncaught');
    process.exit(error instanceof ConfigError ? 2 : 1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', (reason) => {
    if (app === undefined || !isLostCommand(reason)) die(reason);
    else app.server.log.warn({ reason: String(reason) }, 'lost a command that nobody waits for');
  });
  // While it still starts there is nothing to finish.
  const stop = () => void (app?.close() ?? Promise.resolve()).then(() => process.exit(0));
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  try {
    app = await createApp(validateConfig(readSettings(args, env)));
  } catch (error) {
    die(error);
  }
}
