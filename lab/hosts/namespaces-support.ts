import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Whether this machine lets us make the isolated network stacks that hosts are. */
export interface NamespacesSupport {
  /** `root`: directly. `user`: inside a user namespace, as `unshare --user --map-root-user`. `none`: not at all. */
  mode: 'root' | 'user' | 'none';
  /** One sentence: what was tried and what came of it. */
  why: string;
  /** What a person can change, one line each; empty unless `mode` is `none`. */
  hint: readonly string[];
}

export interface NamespacesSupportOptions {
  /** Path of unshare. Default: the first on PATH. */
  unshare?: string;
  /** Effective user id. Default: this process's. */
  uid?: number;
  platform?: NodeJS.Platform;
  /** Reads a kernel setting (`user/max_user_namespaces`); undefined where the kernel has none of that name. */
  setting?: (name: string) => string | undefined;
  /** Whether we are inside a container. Default: by the marks that Docker and Podman leave. */
  container?: boolean;
}

const isolation = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
const asUser = ['--user', '--map-root-user'];

/** Finds out by trying, the same way as hosts are made; takes a few milliseconds. Never throws. */
export async function namespacesSupport(options: NamespacesSupportOptions = {}): Promise<NamespacesSupport> {
  const platform = options.platform ?? process.platform;
  if (platform !== 'linux')
    return {
      mode: 'none',
      why: `network namespaces are Linux's, and this is ${platform}`,
      hint: ['run the lab on Linux, or in a Linux virtual machine'],
    };
  const unshare = options.unshare ?? 'unshare';
  const uid = options.uid ?? process.geteuid?.() ?? -1;
  let refusal = '';
  if (uid === 0) {
    const direct = await attempt(unshare, isolation);
    if (direct === '') return { mode: 'root', why: 'namespaces can be made as root', hint: [] };
    refusal = `as root: ${direct}; `;
  }
  const inside = await attempt(unshare, [...asUser, ...isolation]);
  if (inside === '')
    return { mode: 'user', why: `${refusal}namespaces can be made in a user namespace`, hint: [] };
  return { mode: 'none', why: `${refusal}in a user namespace: ${inside}`, hint: hints(uid, options) };
}

/** Empty when it worked, otherwise why not. */
function attempt(unshare: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(unshare, [...args, 'true'], { timeout: 5000 }, (error, _stdout, stderr) => {
      if (error === null) return resolve('');
      if (error.code === 'ENOENT') return resolve(`${unshare} is not there`);
      resolve(stderr.trim().split('\n')[0] || error.message.trim());
    });
  });
}

/** What in this kernel's settings stands in the way, and what else helps. */
function hints(uid: number, options: NamespacesSupportOptions): string[] {
  const setting = options.setting ?? kernelSetting;
  const lines: string[] = [];
  if (setting('kernel/apparmor_restrict_unprivileged_userns') === '1')
    lines.push(
      'AppArmor forbids user namespaces here: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
    );
  if (setting('user/max_user_namespaces') === '0')
    lines.push('the kernel allows no user namespaces: sudo sysctl -w user.max_user_namespaces=10000');
  if (setting('kernel/unprivileged_userns_clone') === '0')
    lines.push('only root may make user namespaces: sudo sysctl -w kernel.unprivileged_userns_clone=1');
  if (options.container ?? (existsSync('/.dockerenv') || existsSync('/run/.containerenv')))
    lines.push('this is a container: start it with --privileged');
  if (uid !== 0) lines.push('or run the lab as root');
  if (lines.length === 0)
    lines.push('the capability CAP_SYS_ADMIN is missing: run the lab where root has it');
  return lines;
}

function kernelSetting(name: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${name}`, 'utf8').trim();
  } catch {
    return undefined;
  }
}
