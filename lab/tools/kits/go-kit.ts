import { readFileSync } from 'node:fs';
import { LabError } from '../../common/errors.ts';
import { goModuleVersion } from '../go-module-version.ts';
import type { Kit } from '../kit.ts';
import type { KitName, ToolName } from '../tool.ts';

interface GoKit {
  name: KitName & ToolName;
  /** The module, whose version is recorded in whatever binary is built of it. */
  module: string;
  /** The package in it that is built; default: the module itself. */
  command?: string;
  version: string;
  /** What Go calls that version where the project's tag is none to it: `v0.0.0-<time>-<commit>`. */
  pseudoVersion?: string;
  /** The name that go gives to the binary: the last part of its package's path. */
  builtAs: string;
  homepage: string;
}

/** A tool that only `go install` brings, for images alone: `lab setup` does not ask for it. */
export function goKit({ name, module, version, builtAs, homepage, ...more }: GoKit): Kit {
  const { command = module, pseudoVersion } = more;
  const query = pseudoVersion ?? `v${version}`;
  return {
    name,
    main: name,
    provides: [name],
    aliases: [],
    system: false,
    subdirectories: [],
    variable: `LAB_${name.toUpperCase().replaceAll('-', '_')}`,
    range: { minimum: version },
    version: async (path) => {
      const line = `\nmod\t${module}\t${query}\t`;
      const recorded =
        goModuleVersion(path, module) ?? (readFileSync(path).includes(line) ? version : undefined);
      if (recorded !== undefined) return recorded;
      throw new LabError(`expected a binary that Go built of ${module}, got another: ${path}`);
    },
    packages: {},
    go: { target: `${command}@${query}`, module: `${module}@${query}`, builtAs },
    homepage,
  };
}
