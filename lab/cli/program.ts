import { Command } from 'commander';
import type { ToolOptions } from '../tools/tool.ts';
import type { CompareOptions } from './compare-command.ts';
import type { DistributionOptions } from './distribution-command.ts';
import type { PackOptions } from './images-command.ts';
import type { MatrixOptions } from './matrix-command.ts';
import type { MergeOptions } from './merge-command.ts';
import {
  backendNames,
  loadNames,
  oneOf,
  portNumber,
  several,
  shard,
  speed,
  timingNames,
  variantName,
  wholeNumber,
} from './option-values.ts';
import { packageVersion } from './package-root.ts';
import type { ReplayOptions } from './replay-command.ts';
import type { RunOptions } from './run-command.ts';
import type { Streams } from './setup.ts';
import type { UpOptions } from './standing/up-command.ts';
import type { TrendOptions } from './trend-command.ts';

interface ToolPaths {
  redis?: string;
  toxiproxy?: string;
  k6?: string;
  postgres?: string;
  json?: boolean;
}

const exitCodes = `
Exit codes: 0 every claim came out as expected, 1 a claim did not, 2 bad usage, 3 the lab itself failed,
4 inconclusive; 130 and 143 after Ctrl-C and SIGTERM.`;

/**
 * The commands and their options. Each command's code is loaded when it is called, so that none waits for the
 * others'. `done` is given the exit code.
 */
export function program(streams: Streams, done: (exitCode: number) => void): Command {
  const lab = new Command('lab')
    .description('Breaks Redis on purpose, and tells what became of acknowledged writes.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(text),
    })
    .addHelpText('after', exitCodes);

  lab
    .command('list')
    .description('the scenarios and what they claim')
    .option('--json', 'as one JSON document')
    .action(async (options: { json?: boolean }) => {
      const { listCommand } = await import('./list-command.ts');
      done(await listCommand(options, streams));
    });

  withRunOptions(
    lab
      .command('run')
      .description('runs scenarios: by name, by file, or all of them')
      .argument('[names...]', 'names from `lab list`, or paths of *.scenario.ts files; default: all')
      .option('--headline', 'only the scenarios that show the most in the shortest time')
      .option(
        '--variant <name>',
        'vulnerable, hardened, or only-<mitigation> (default: the first two)',
        variantName,
      )
      .option('--mitigations', 'also with each of a scenario’s mitigations alone')
      .option(
        '--seed <number>',
        'the first run’s seed; the n-th repetition uses seed + n - 1 (default: random)',
        wholeNumber(0),
      )
      .option('--timing <name>', 'fast or production (default: fast)', oneOf('timing', timingNames))
      .option('--speed <number>', 'lab time per real time, as 10 (default: the scenario’s, else 1)', speed)
      .option('--repeat <number>', 'how often each is run', wholeNumber(1), 1)
      .option('--parallel <number>', 'how many runs at the same time', wholeNumber(1), 1)
      .option('--shard <part>', 'only one of several parts of the scenarios, as 2/5 (see merge)', shard),
  ).action(async (names: string[], options: RunOptions) => {
    const { runCommand } = await import('./run-command.ts');
    done(await runCommand(names, options, streams));
  });

  withRunOptions(
    lab
      .command('distribution')
      .description('runs one scenario many times, and says how its figures are spread and what lies far out')
      .argument('<name>', 'a name from `lab list`, or the path of a *.scenario.ts file')
      .requiredOption('--runs <number>', 'how often', wholeNumber(1))
      .option(
        '--variant <name>',
        'vulnerable, hardened or only-<mitigation> (default: hardened)',
        variantName,
      )
      .option(
        '--figure <name...>',
        'figures, as recovery.promotionMs (default: all steps of recoveries, and what variants are compared by)',
      )
      .option('--seed <number>', 'the first run’s seed (default: random)', wholeNumber(0))
      .option('--timing <name>', 'fast or production (default: fast)', oneOf('timing', timingNames))
      .option('--speed <number>', 'lab time per real time (default: the scenario’s, else 1)', speed)
      .option('--parallel <number>', 'how many runs at the same time', wholeNumber(1), 1)
      .option('--html <file>', 'the page (default: distribution.html beside the runs)'),
  ).action(async (name: string, options: DistributionOptions) => {
    const { distributionCommand } = await import('./distribution-command.ts');
    done(await distributionCommand(name, options, streams));
  });

  withOutput(
    lab
      .command('matrix')
      .description('runs scenarios on several servers, and says where these differ')
      .argument('[names...]', 'names from `lab list`, or paths of *.scenario.ts files; default: all')
      .option('--redis <server>', `one of the servers, ${SERVER}; give it twice or more`, several)
      .option('--from <folders...>', 'runs that are there already, instead of new ones')
      .option('--headline', 'only the scenarios that show the most in the shortest time')
      .option(
        '--variant <name>',
        'vulnerable, hardened or only-<mitigation> (default: the first two)',
        variantName,
      )
      .option('--seed <number>', 'the first run’s seed (default: random)', wholeNumber(0))
      .option('--timing <name>', 'fast or production (default: fast)', oneOf('timing', timingNames))
      .option('--speed <number>', 'lab time per real time (default: the scenario’s, else 1)', speed)
      .option('--repeat <number>', 'how often each is run on each server', wholeNumber(1), 1)
      .option('--parallel <number>', 'how many runs at the same time', wholeNumber(1), 1)
      .option('--html <file>', 'the page (default: matrix.html beside the runs)')
      .option('--markdown <file>', 'also write the tables as Markdown'),
  ).action(async (names: string[], options: MatrixOptions) => {
    const { matrixCommand } = await import('./matrix-command.ts');
    done(await matrixCommand(names, options, streams));
  });

  lab
    .command('check')
    .description('judges a finished run again, offline, from what it recorded')
    .argument('<run>', 'a run folder, or its run.json')
    .action(async (run: string) => {
      const { checkCommand } = await import('./check-command.ts');
      done(await checkCommand(run, streams));
    });

  lab
    .command('compare')
    .description('puts two runs side by side, on one time axis')
    .argument('<first>', 'a run folder, or its run.json')
    .argument('<second>', 'another one')
    .option('--html <file>', 'the page (default: comparison.html in the second run’s folder)')
    .action(async (first: string, second: string, options: CompareOptions) => {
      const { compareCommand } = await import('./compare-command.ts');
      done(await compareCommand([first, second], options, streams));
    });

  lab
    .command('merge')
    .description('makes one folder of several invocations’ runs, as of shards, with one report over all')
    .argument('<folders...>', 'run folders, or folders that hold them (`--out` of `lab run`)')
    .requiredOption('--out <dir>', 'where the runs are copied; it must not exist yet, or be empty')
    .action(async (folders: string[], options: MergeOptions) => {
      const { mergeCommand } = await import('./merge-command.ts');
      done(await mergeCommand(folders, options, streams));
    });

  lab
    .command('trend')
    .description(
      'adds runs to the history as one night, and says what tonight has that the nights before had not',
    )
    .argument('[folders...]', 'run folders, or folders that hold them (`--out` of `lab run`)')
    .option('--history <file>', 'the nights (default: nights.sqlite in ~/.local/state/failover-lab)')
    .option('--label <text>', 'what the night is called, as a commit')
    .option('--html <file>', 'the page over all nights (default: nights.html beside the history)')
    .option('--json <file>', 'also write what was found as one JSON document')
    .action(async (folders: string[], options: TrendOptions) => {
      const { trendCommand } = await import('./trend-command.ts');
      done(await trendCommand(folders, options, streams));
    });

  withRunOptions(
    lab
      .command('replay')
      .description('runs the same scenario, variant, timing and seed again')
      .argument('<run>', 'a run folder, or its run.json')
      .option('--speed <number>', 'lab time per real time (default: the run’s)', speed),
  ).action(async (run: string, options: ReplayOptions) => {
    const { replayCommand } = await import('./replay-command.ts');
    done(await replayCommand(run, options, streams));
  });

  withName(
    lab
      .command('up')
      .description('keeps a lab standing, to be broken by hand, until Ctrl-C or `lab down`')
      .argument(
        '<what>',
        'sentinel, cluster, standalone, a scenario’s name, or a file that exports one of these',
      )
      .option('--primaries <number>', 'of a cluster (default: 3)', wholeNumber(1))
      .option('--replicas <number>', 'of each primary', wholeNumber(0))
      .option('--spare-replicas <number>', 'of a cluster, beside these', wholeNumber(0))
      .option('--sentinels <number>', 'how many (default: 3)', wholeNumber(1))
      .option('--quorum <number>', 'Sentinels that must agree', wholeNumber(1))
      .option('--hosts <number>', 'of a cluster (default: one for each node)', wholeNumber(1))
      .option('--set <directives...>', 'redis.conf for all servers, as appendonly=yes')
      .option('--variant <name>', 'of a scenario (default: vulnerable)', variantName)
      .option('--timing <name>', 'fast or production (default: fast)', oneOf('timing', timingNames))
      .option('--speed <number>', 'lab time per real time (default: 1)', speed)
      .option(
        '--load <name>',
        'none, light, or a scenario’s own (default: light, of a scenario its own)',
        oneOf('load', loadNames),
      )
      .option('--redis <server>', `the server to use, ${SERVER}`)
      .option('--backend <name>', BACKEND, oneOf('backend', backendNames))
      .option('--out <dir>', 'where its folder is made (default: as of `lab run`)')
      .option('--port <number>', 'of the dashboard, on 127.0.0.1 (default: a free one)', portNumber)
      .option('--detach', 'in the background'),
  ).action(async (what: string, { detach, ...options }: UpOptions & { detach?: boolean }) => {
    if (detach) {
      const { detached } = await import('./standing/detached.ts');
      return done(await detached(what, options, streams));
    }
    const { upCommand } = await import('./standing/up-command.ts');
    done(await upCommand(what, options, streams));
  });

  withName(
    lab
      .command('status')
      .description('what stands, who is what, and what is broken')
      .option('--json', 'as one JSON document'),
  ).action(async (options: Named) => {
    const { statusCommand } = await import('./standing/status-command.ts');
    done(await statusCommand(options, streams));
  });

  withName(
    lab
      .command('fault')
      .description(
        'breaks something in a lab that stands, and prints the proof; alone: which faults there are',
      )
      .argument('[words...]', 'as in a scenario: kill primary; latency clients primary --latencyMs 50')
      .option('--json', 'as one JSON document')
      .allowUnknownOption(),
  ).action(async (words: string[], options: Named) => {
    const { faultCommand } = await import('./standing/fault-command.ts');
    done(await faultCommand(words, options, streams));
  });

  withName(
    lab
      .command('heal')
      .description('heals a fault of a lab that stands, or all of them')
      .argument('[id]', 'as `lab fault` and `lab status` print it; default: all, the last first')
      .option('--json', 'as one JSON document'),
  ).action(async (id: string | undefined, options: Named) => {
    const { healCommand } = await import('./standing/heal-command.ts');
    done(await healCommand(id ?? null, options, streams));
  });

  withName(
    lab
      .command('exec')
      .description('runs a command on a host of a lab that stands: lab exec host-1 -- redis-cli PING')
      .argument('<host>', 'a host, or a node for its host')
      .argument('[command...]', 'what to run, behind --'),
  ).action(async (host: string, command: string[], options: Named) => {
    const { execCommand } = await import('./standing/exec-command.ts');
    done(await execCommand(host, command, options));
  });

  withName(lab.command('down').description('ends a lab that stands, and waits for its report')).action(
    async (options: Named) => {
      const { downCommand } = await import('./standing/down-command.ts');
      done(await downCommand(options, streams));
    },
  );

  withToolOptions(
    lab
      .command('setup')
      .description(
        'finds or brings redis-server, toxiproxy-server, k6 and PostgreSQL, and builds the lab clock',
      )
      .option('--for-run', 'only what runs need: not redis-cli, which is for people'),
  ).action(async (options: ToolPaths & { forRun?: boolean }) => {
    const { setupCommand } = await import('./setup.ts');
    done(await setupCommand(toolOptions(options), streams));
  });
  withToolOptions(
    lab
      .command('doctor')
      .description('what is there, what is missing, and which backend will be used')
      .option('--speed', 'find the highest --speed at which this machine keeps up with production timing'),
  ).action(async (options: ToolPaths & { speed?: boolean }) => {
    if (options.speed) {
      const { doctorSpeedCommand } = await import('./doctor-speed.ts');
      return done(await doctorSpeedCommand(streams));
    }
    const { doctorCommand } = await import('./doctor.ts');
    done(await doctorCommand(toolOptions(options), streams));
  });

  const images = lab
    .command('images')
    .description('the images of the containers backend: which are used, and whether they are there')
    .option('--json', 'as one JSON document')
    .action(async (options: { json?: boolean }) => {
      const { imagesCommand } = await import('./images-command.ts');
      done(await imagesCommand(options, streams));
    });
  images
    .command('pack')
    .description('packs images of the programs on this machine, where no registry can be reached')
    .option(
      '--redis <servers...>',
      'paths, or names as valkey:9: servers to pack, the first for runs (default: the one that runs use)',
    )
    .option('--output <dir>', 'write archives to carry elsewhere, instead of into the Docker daemon')
    .option('--json', 'as one JSON document')
    .action(async (_options: unknown, command: Command) => {
      const { packCommand } = await import('./images-command.ts');
      done(await packCommand(command.optsWithGlobals<PackOptions>(), streams));
    });
  images
    .command('load')
    .description('loads what `lab images pack --output` wrote')
    .argument('<archives...>', 'files, or a directory of them')
    .action(async (archives: string[]) => {
      const { loadCommand } = await import('./images-command.ts');
      done(await loadCommand(archives, streams));
    });
  return lab;
}

function withRunOptions(command: Command): Command {
  return withOutput(command.option('--redis <server>', `the server to use, ${SERVER}`));
}

/** What `--redis` takes. */
const SERVER = 'as a binary’s path, its directory, or a name such as valkey:8; of containers also an image';

const BACKEND = 'where hosts are made: namespaces, containers or auto, which says why it chose';

function withOutput(command: Command): Command {
  return command
    .option('--backend <name>', BACKEND, oneOf('backend', backendNames))
    .option(
      '--out <dir>',
      'where run folders are made (default: reports/runs in a clone, else failover-lab-runs)',
    )
    .option('--json <file>', 'also write the results as one JSON document')
    .option('--watch', 'serve a page that shows the runs while they go on, to this machine alone')
    .option('--port <number>', 'of that page, on 127.0.0.1 (default: a free one)', portNumber)
    .option('--keep', 'leave everything standing after the run, until Ctrl-C');
}

/** Which of several labs that stand. */
interface Named {
  name: string;
  json?: boolean;
}

function withName(command: Command): Command {
  return command.option('--name <name>', 'which lab, of several that stand', 'lab');
}

function withToolOptions(command: Command): Command {
  return command
    .option('--redis <server>', `the server, ${SERVER}`)
    .option('--toxiproxy <path>', 'toxiproxy-server, or the directory that holds it')
    .option('--k6 <path>', 'k6, or the directory that holds it')
    .option('--postgres <path>', 'postgres with initdb beside it, or the directory that holds them')
    .option('--json', 'as one JSON document');
}

type SetupFlags = { json?: boolean; forRun?: boolean };

function toolOptions({ json, forRun, ...paths }: ToolPaths & SetupFlags): ToolOptions & SetupFlags {
  return { paths, ...(json === undefined ? {} : { json }), ...(forRun === undefined ? {} : { forRun }) };
}
