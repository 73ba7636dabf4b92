import type { Kit, PackageManagerName } from '../kit.ts';
import { printedVersion } from '../printed-version.ts';

type SystemTool = 'iptables' | 'ip' | 'unshare' | 'nsenter' | 'setpriv';

interface SystemKit {
  name: SystemTool;
  minimum: string;
  args: readonly string[];
  /** Does not match BusyBox's cut-down tools of the same name. */
  pattern: RegExp;
  /** What `pattern` matches, for people. */
  example: string;
  packages?: Partial<Record<PackageManagerName, readonly string[]>>;
  homepage: string;
}

/** A tool of the Linux system itself: found along PATH and in the system's directories. */
function systemKit(kit: SystemKit): Kit {
  return {
    name: kit.name,
    main: kit.name,
    provides: [kit.name],
    aliases: [],
    system: true,
    subdirectories: [],
    variable: `LAB_${kit.name.toUpperCase()}`,
    range: { minimum: kit.minimum },
    version: (path, context) => printedVersion(path, kit.args, kit, context.environment),
    packages: kit.packages ?? {},
    homepage: kit.homepage,
  };
}

/** Drops packages inside a host. */
export const iptables = systemKit({
  name: 'iptables',
  minimum: '1.6.0',
  args: ['--version'],
  example: 'iptables v1.8.9',
  pattern: /iptables v(\d+\.\d+\.\d+)/,
  packages: { apt: ['iptables'], dnf: ['iptables-nft'], apk: ['iptables'] },
  homepage: 'https://netfilter.org/projects/iptables/',
});

/** Makes the links between hosts. */
export const ip = systemKit({
  name: 'ip',
  minimum: '4.0.0',
  args: ['-V'],
  // Older ones carry a date (ss190107) in place of a number; those are from before 5.9 of 2020.
  example: 'iproute2-6.1.0',
  pattern: /iproute2-(\d+\.\d+(?:\.\d+)?)/,
  packages: { apt: ['iproute2'], dnf: ['iproute'], apk: ['iproute2'] },
  homepage: 'https://wiki.linuxfoundation.org/networking/iproute2',
});

const utilLinux = {
  // --kill-child came with 2.32, setpriv's options that hosts use with 2.33.
  minimum: '2.33.0',
  args: ['--version'],
  example: 'util-linux 2.38.1',
  pattern: /util-linux (\d+\.\d+(?:\.\d+)?)/,
  // Never installed by the lab: a system without util-linux is not one to change unasked.
  homepage: 'https://github.com/util-linux/util-linux',
} as const;

export const unshare = systemKit({ ...utilLinux, name: 'unshare' });
export const nsenter = systemKit({ ...utilLinux, name: 'nsenter' });
export const setpriv = systemKit({ ...utilLinux, name: 'setpriv' });
