/** Starts one instance: `node lab/app/main.ts [config.json]`, or with APP_CONFIG=config.json, or APP_… variables. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { run } = await import('./run.ts');
await run(process.argv.slice(2), process.env);
