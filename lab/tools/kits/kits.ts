import type { Kit } from '../kit.ts';
import type { KitName, ToolName } from '../tool.ts';
import { chromium } from './chromium.ts';
import { dockerd } from './dockerd.ts';
import { k6 } from './k6.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { ryuk } from './ryuk.ts';
import { ip, iptables, nsenter, setpriv, unshare } from './system.ts';
import { toxiproxy } from './toxiproxy.ts';
import { toxiproxyCli } from './toxiproxy-cli.ts';

/** Every kit, by name. */
export const kits: Readonly<Record<KitName, Kit>> = {
  redis,
  toxiproxy,
  'toxiproxy-cli': toxiproxyCli,
  k6,
  postgres,
  chromium,
  ryuk,
  dockerd,
  iptables,
  ip,
  unshare,
  nsenter,
  setpriv,
};

/** The kits that hold these tools, each with the tools that are wanted of it. */
export function kitsFor(wanted: readonly ToolName[]): { kit: Kit; tools: ToolName[] }[] {
  return Object.values(kits)
    .map((kit) => ({ kit, tools: kit.provides.filter((tool) => wanted.includes(tool)) }))
    .filter(({ tools }) => tools.length > 0);
}
