import { ConfigError, validateConfig } from './config.ts';
import { readSettings } from './read-settings.ts';
import { createApp } from './server.ts';

/**
 * Runs an instance until SIGTERM or SIGINT, then shuts it down and ends with 0. A wrong configuration ends with 2,
 * anything unforeseen with 1.
 */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  try {
    const app = await createApp(validateConfig(readSettings(args, env)));
    const stop = () => void app.close().then(() => process.exit(0));
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    const died = (error: unknown) => {
      app.server.log.fatal(error, 'uncaught');
      process.exit(1);
    };
    process.on('uncaughtException', died);
    process.on('unhandledRejection', died);
  } catch (error) {
    const isConfig = error instanceof ConfigError;
    process.stderr.write(`${isConfig ? error.message : String(error)}\n`);
    process.exit(isConfig ? 2 : 1);
  }
}
