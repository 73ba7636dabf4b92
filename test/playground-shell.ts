import { execFile } from 'node:child_process';
import { chmodSync, lstatSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { composeProgram } from '../lab/compose/test-compose.ts';
import { imageRoles, images, packedName } from '../lab/docker/images.ts';

const ROOT = path.dirname(import.meta.dirname);

/** A shell in the project's directory in which the guide's commands work. */
export interface PlaygroundShell {
  /** Resolves with what a script printed, standard output alone; rejects, with everything, where it failed. */
  run(script: string): Promise<string>;
  close(): void;
}

/** A shell whose `docker compose` is the one that could be had, talks to a daemon, and uses packed images. */
export async function playgroundShell(dockerHost: string): Promise<PlaygroundShell> {
  const program = await composeProgram();
  const directory = mkdtempSync(path.join(tmpdir(), 'lab-playground-'));
  if (program.length === 1) {
    const docker = path.join(directory, 'docker');
    writeFileSync(docker, `#!/bin/sh\n[ "$1" = compose ] && shift && exec ${program[0]} "$@"\n`);
    chmodSync(docker, 0o755);
  }
  const files = [path.join(ROOT, 'docker-compose.yml'), ...linkedModules(directory)];
  const own = imageRoles.map((role) => [images[role].variable, packedName(role)] as const);
  const env = {
    ...process.env,
    ...Object.fromEntries(own),
    PATH: `${directory}:${process.env.PATH}`,
    DOCKER_HOST: dockerHost,
    COMPOSE_FILE: files.join(':'),
    COMPOSE_PROGRESS: 'plain',
  };
  return {
    run: (script) =>
      new Promise((resolve, reject) => {
        execFile('sh', ['-ec', script], { cwd: ROOT, env }, (error, stdout, stderr) => {
          if (error === null) resolve(stdout);
          else reject(new Error(`${script}${stdout}${stderr}`, { cause: error }));
        });
      }),
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Where node_modules is a link, containers need what it leads to as well. */
function linkedModules(directory: string): string[] {
  const modules = path.join(ROOT, 'node_modules');
  if (!lstatSync(modules).isSymbolicLink()) return [];
  const real = realpathSync(modules);
  const service = { volumes: [`${real}:${real}:ro`] };
  const file = path.join(directory, 'modules.yml');
  writeFileSync(file, JSON.stringify({ services: { 'app-1': service, 'app-2': service, seed: service } }));
  return [file];
}
