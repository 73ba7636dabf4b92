import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../common/until.ts';
import { type FakeMachine, fakeMachine } from './fake-machine.ts';
import { onPath } from './search-path.ts';
import { setupTools } from './setup-tools.ts';

let machine: FakeMachine;
beforeEach(() => {
  machine = fakeMachine();
});
afterEach(() => machine.remove());

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

it.runIf(process.platform === 'linux')(
  'a set-up killed in the middle of a build stands in nobody’s way',
  async () => {
    const setpriv = onPath('setpriv', process.env);
    if (setpriv !== undefined) machine.program('setpriv', `exec ${setpriv} "$@"`);
    machine.program('go', `[ "$1" = install ] || exit 0\necho $$ > "$BIN/pid"\nexec sleep 30`);
    const options = { ...machine.options, mirrors: { toxiproxy: 'http://127.0.0.1:3' } };
    const program = `const { setupTools } = await import(${JSON.stringify(new URL('./setup-tools.ts', import.meta.url))});
    await setupTools(['toxiproxy-server'], ${JSON.stringify(options)});`;
    const lab = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' });
    const pidFile = join(machine.bin, 'pid');
    await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').trim(), {
      what: 'the build',
      withinMs: 30_000,
    });
    const build = Number(readFileSync(pidFile, 'utf8'));
    expect(isAlive(build)).toBe(true);
    lab.kill('SIGKILL');
    await once(lab, 'exit');
    await until(() => !isAlive(build), { what: 'the build to be gone', withinMs: 15_000 });
    expect(readdirSync(join(machine.cache, 'tmp'))).toHaveLength(1);

    machine.program(
      'go',
      `[ "$1" = install ] || exit 0\nprintf '#!/bin/sh\\necho toxiproxy-server version 2.12.0\\n' > "$GOBIN/server"; chmod +x "$GOBIN/server"`,
    );
    const tools = await setupTools(['toxiproxy-server'], options);
    expect(tools['toxiproxy-server'].from).toBe('go install');
    expect(readdirSync(join(machine.cache, 'tmp'))).toEqual([]);
  },
);
