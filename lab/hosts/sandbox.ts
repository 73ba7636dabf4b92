/** Programs of util-linux that make a sandbox. */
export interface SandboxTools {
  unshare: string;
  setpriv: string;
}

/**
 * The command that runs a program as the first process of namespaces of its own (network, mounts, processes),
 * as root or, inside a user namespace, as an ordinary user. When the caller ends, by SIGKILL too, the kernel
 * kills `unshare` (setpriv's parent-death signal), with it the program (--kill-child), and with the first
 * process of a process namespace everything in it.
 */
export function sandboxed(
  mode: 'root' | 'user',
  tools: SandboxTools,
  command: readonly string[],
): [string, string[]] {
  const user = mode === 'user' ? ['--user', '--map-root-user'] : [];
  const isolation = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return [tools.setpriv, ['--pdeathsig', 'KILL', tools.unshare, ...user, ...isolation, ...command]];
}
