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
  /** The name that go gives to the binary: the last part of its package's path. */
  builtAs: string;
  homepage: string;
}

/** A tool that only `go install` brings, for images alone: `lab setup` does not ask for it. */
export function goKit({ name, module, command = module, version, builtAs, homepage }: GoKit): Kit {
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
      const recorded = goModuleVersion(path, module);
      if (recorded !== undefined) return recorded;
      throw new LabError(`expected a binary that Go built of ${module}, got another: ${path}`);
    },
    packages: {},
    go: { target: `${command}@v${version}`, module: `${module}@v${version}`, builtAs },
    homepage,
  };
}
