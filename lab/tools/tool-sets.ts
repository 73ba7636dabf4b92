import type { ToolName } from './tool.ts';

/** What the namespaces backend needs of a Linux system. */
const linuxTools = ['ip', 'iptables', 'unshare', 'nsenter', 'setpriv'] as const;

/** What every run starts. */
const serverTools = ['redis-server', 'redis-sentinel', 'toxiproxy-server'] as const;

/** What a run with the application starts besides. */
const applicationTools = ['postgres', 'k6'] as const;

/** The tools without which `lab run` cannot work on a platform (default: this one), without the application's where it is not used. */
export function toolsForRun(
  platform: NodeJS.Platform = process.platform,
  { application = true } = {},
): readonly ToolName[] {
  return [
    ...serverTools,
    ...(application ? applicationTools : []),
    ...(platform === 'linux' ? linuxTools : []),
  ];
}

/** Every tool the lab knows what to do with on a platform: what `lab setup` finds or brings. */
export function allTools(platform: NodeJS.Platform = process.platform): readonly ToolName[] {
  return [...toolsForRun(platform), 'redis-cli'];
}
