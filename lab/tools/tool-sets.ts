import type { ToolName } from './tool.ts';

/** What the namespaces backend needs of a Linux system. */
const linuxTools = ['ip', 'iptables', 'unshare', 'nsenter', 'setpriv'] as const;

/** What a run starts. */
const serverTools = ['redis-server', 'redis-sentinel', 'toxiproxy-server', 'postgres', 'k6'] as const;

/** The tools without which `lab run` cannot work on a platform. Default: this one. */
export function toolsForRun(platform: NodeJS.Platform = process.platform): readonly ToolName[] {
  return platform === 'linux' ? [...serverTools, ...linuxTools] : serverTools;
}

/** Every tool the lab knows what to do with on a platform: what `lab setup` finds or brings. */
export function allTools(platform: NodeJS.Platform = process.platform): readonly ToolName[] {
  return [...toolsForRun(platform), 'redis-cli'];
}
