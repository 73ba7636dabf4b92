#!/usr/bin/env node
// Plain JavaScript, because it has to start under whatever Node the machine has. The lab itself needs Node 24:
// where this one is older, the one that the package brings along takes over.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const neededMajor = 24;

if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  // Where the package is installed its files are compiled: Node runs no TypeScript inside node_modules.
  const compiled = new URL('./main.js', import.meta.url);
  const { runMain } = await import(existsSync(compiled) ? compiled.href : './main.ts');
  await runMain(process.argv.slice(2));
} else {
  const node = pinnedNode();
  if (node === undefined) {
    process.stderr.write(
      `error: expected Node ${neededMajor} or later, got ${process.version} at ${process.execPath}\n` +
        `  In a clone, npm ci brings one for Linux on x64 and arm64; elsewhere install Node ${neededMajor}.\n`,
    );
    process.exitCode = 3;
  } else takeOver(node);
}

/** The Node that npm ci brought as an optional dependency, if there is one for this machine. */
function pinnedNode() {
  const require = createRequire(import.meta.url);
  try {
    const manifest = require.resolve(`node-${process.platform}-${process.arch}/package.json`);
    const node = path.join(path.dirname(manifest), 'bin', 'node');
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}

/** Hands everything to the other Node, and ends as it ends. */
function takeOver(node) {
  // Nothing is ever sent through the fourth stream: its end tells the other that we are gone, also by SIGKILL.
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, FAILOVER_LAB_LIFELINE: '3' },
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    process.stderr.write(`error: cannot start ${node}: ${error.message}\n`);
    process.exit(3);
  });
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const each of signals) process.removeAllListeners(each);
    process.kill(process.pid, signal);
  });
}
