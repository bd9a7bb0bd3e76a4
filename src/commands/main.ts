import { didYouMean } from '../core/base/suggest.ts';
import { sanitize } from '../core/base/sanitize.ts';
import { commandHelp, overview } from './help.ts';
import { commands } from './index.ts';
import { EXIT, type Io } from './io.ts';
import { UsageError } from '../usage-error.ts';
import { parseArguments } from './parse.ts';

/** Runs one command line (without `node` and the script). Returns the exit code. */
export async function main(argv: readonly string[], io: Io, version: string): Promise<number> {
  try {
    return await dispatch(argv, io, version);
  } catch (error) {
    // Not instanceof: each bundle has its own copy of the class.
    if (error instanceof Error && error.name === 'UsageError') {
      const { hint } = error as UsageError;
      io.stderr.write(`iomesh-guard: ${sanitize(error.message)}\n`);
      for (const line of hint?.split('\n') ?? []) io.stderr.write(`  ${sanitize(line)}\n`);
      return EXIT.usage;
    }
    const detail = error instanceof Error ? error.message : String(error);
    io.stderr.write(`iomesh-guard: internal error: ${sanitize(detail)}\n`);
    io.stderr.write(
      '  this is a bug in iomesh-guard; set IOMESH_GUARD_DEBUG=1 and run again to see the stack trace\n',
    );
    if ((io.env['IOMESH_GUARD_DEBUG'] ?? '') !== '' && error instanceof Error)
      io.stderr.write(`${error.stack}\n`);
    return EXIT.internal;
  }
}

async function dispatch(argv: readonly string[], io: Io, version: string): Promise<number> {
  const [verb, ...rest] = argv;
  if (verb === undefined || verb === '--help' || verb === '-h' || (verb === 'help' && rest.length === 0)) {
    (verb === undefined ? io.stderr : io.stdout).write(overview(commands, version));
    return verb === undefined ? EXIT.usage : EXIT.clean;
  }
  if (verb === '--version' || verb === '-V') {
    io.stdout.write(`${version}\n`);
    return EXIT.clean;
  }
  if (verb === '__complete') {
    const { offersFor } = await import('./completion/offers.ts');
    io.stdout.write(
      offersFor(rest, commands)
        .map((line) => `${line}\n`)
        .join(''),
    );
    return EXIT.clean;
  }
  const name = verb === 'help' ? (rest[0] ?? '') : verb;
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    const meant = didYouMean(
      name,
      commands.map((each) => each.name),
    );
    const type = name.startsWith('-') ? 'flag' : 'command';
    throw new UsageError(`unknown ${type} ${JSON.stringify(name)}${meant}`, 'iomesh-guard --help');
  }
  if (verb === 'help') {
    io.stdout.write(commandHelp(command));
    return EXIT.clean;
  }
  const args = parseArguments(command, rest);
  if (args.has('help')) {
    io.stdout.write(commandHelp(command));
    return EXIT.clean;
  }
  return await command.run(args, io);
}
