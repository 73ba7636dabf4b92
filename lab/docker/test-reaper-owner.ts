import { openDaemon } from './daemon.ts';
import { RUN_LABEL } from './labels.ts';
import { reaperLabels } from './reaper.ts';

/** For a test: makes a network with the reaper's labels, says so, and waits to be killed. */
const { docker, ...daemon } = await openDaemon();
const labels = await reaperLabels({ docker, ...daemon }, process.env, (text) =>
  process.stderr.write(`${text}\n`),
);
await docker.createNetwork({ Name: 'reaped', Labels: { ...labels, [RUN_LABEL]: 'reaped' } });
process.stdout.write(`${JSON.stringify(labels)}\n`);
setInterval(() => {}, 60_000);
