import type { MenuFault } from '../../../reports/live/fault-menu.ts';
import { forms } from '../../faults/words/forms.ts';
import { systemsIn } from '../../topology/systems-in.ts';
import type { TopologyPlan } from '../../topology/topology.ts';

/** The faults that this topology has systems for, as a page offers them: what a click says is left out, the rest is to be filled in. */
export function faultMenus(plan: TopologyPlan): MenuFault[] {
  const kinds = systemsIn(plan).map(({ kind }) => kind);
  const fitting = Object.entries(forms).filter(([, { systems }]) =>
    systems.some((kind) => kinds.includes(kind)),
  );
  return fitting.map(([name, { aim, parameters }]) => {
    const clicked = clickedIn(aim.at, Object.keys(parameters));
    return {
      name,
      at: aim.at,
      kinds: aim.at === 'node' ? (aim.kinds ?? []) : [],
      fields: Object.entries(parameters)
        .filter(([field]) => !clicked.includes(field))
        .map(([field, { words, optional, usual, choices = [], by }]) => ({
          name: field,
          words,
          optional,
          usual,
          choices,
          isRest: by === 'rest',
        })),
    };
  });
}

/** Of a fault of nodes its first parameter is the node, of one of links its first two are the link's ends. */
function clickedIn(at: MenuFault['at'], names: readonly string[]): readonly string[] {
  return names.slice(0, { node: 1, link: 2, system: 0 }[at]);
}
