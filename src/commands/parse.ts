import { parseArgs } from 'node:util';
import { suggest } from '../core/base/suggest.ts';
import { Arguments, type Command, type GivenFlag } from './command.ts';
import { UsageError } from '../usage-error.ts';

/** Every verb understands it. */
const HELP = { help: { type: 'boolean', short: 'h' } } as const;

/**
 * Reads what follows a verb. Throws a UsageError that names the flag and the one that was probably
 * meant.
 */
export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([name, { type, short }]) => [
      name,
      { type, multiple: true, ...(short === undefined ? {} : { short }) } as const,
    ]),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options: { ...options, ...HELP },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const positionals: string[] = [];
  const flags: GivenFlag[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind === 'option') flags.push(checked(command, token));
  }
  return new Arguments(positionals, flags);
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

function checked(command: Command, { name, rawName, value }: OptionToken): GivenFlag {
  const help = `see iomesh-guard ${command.name} --help`;
  const flag =
    name === 'help' ? { ...HELP.help } : Object.hasOwn(command.flags, name) ? command.flags[name] : undefined;
  if (flag === undefined) {
    const near = suggest(name, [...Object.keys(command.flags), 'help']);
    const meant = near === undefined ? '' : `; did you mean --${near}?`;
    throw new UsageError(`unknown flag ${rawName}${meant}`, help);
  }
  if (flag.type === 'boolean') {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`, help);
    return { name, value: undefined };
  }
  if (value === undefined) throw new UsageError(`${rawName} needs a value`, help);
  const choices = 'choices' in flag ? flag.choices : undefined;
  if (choices !== undefined && !choices.includes(value)) {
    const near = suggest(value, choices);
    const meant = near === undefined ? '' : `; did you mean ${near}?`;
    throw new UsageError(
      `${rawName} cannot be ${JSON.stringify(value)}${meant}`,
      `it is one of ${choices.join(', ')}`,
    );
  }
  return { name, value };
}
