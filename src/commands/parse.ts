import { didYouMean } from '../core/base/suggest.ts';
import { Arguments, type Command, type GivenFlag, operandAt } from './command.ts';
import { UsageError } from '../usage-error.ts';
import { usageLine } from './help.ts';
import { type OptionToken, tokensOf } from './tokens.ts';

/** The flag of every verb. */
const HELP = { help: { type: 'boolean', short: 'h' } } as const;

/**
 * Parses the arguments after a verb. Throws a UsageError that names the wrong argument and, if one is similar, the
 * correct one.
 */
export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const tokens = tokensOf(argv, { ...command.flags, ...HELP });
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const flags = tokens.flatMap((token) => (token.kind === 'option' ? [toFlag(command, token)] : []));
  if (!flags.some(({ name }) => name === 'help')) checkOperands(command, positionals);
  return new Arguments(command.name, positionals, flags);
}

function toFlag(command: Command, { name, rawName, value }: OptionToken): GivenFlag {
  const help = `iomesh-guard ${command.name} --help`;
  const flag =
    name === 'help' ? { ...HELP.help } : Object.hasOwn(command.flags, name) ? command.flags[name] : undefined;
  if (flag === undefined) {
    const meant = didYouMean(name, [...Object.keys(command.flags), 'help'], (near) => `--${near}`);
    throw new UsageError(`unknown flag ${rawName}${meant}`, help);
  }
  if (flag.type === 'boolean') {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`, help);
    return { name, value: undefined };
  }
  if (value === undefined) throw new UsageError(`${rawName} needs a value`, help);
  checkChoice(rawName, value, 'choices' in flag ? flag.choices : undefined);
  return { name, value };
}

function checkOperands(command: Command, given: readonly string[]): void {
  const { operands } = command;
  const usage = `usage: ${usageLine(command)}`;
  for (const [index, value] of given.entries()) {
    const operand = operandAt(command, index);
    if (operand === undefined) throw new UsageError(`unexpected argument ${JSON.stringify(value)}`, usage);
    checkChoice('the argument', value, operand.choices);
  }
  const missing = operands[given.length];
  if (missing !== undefined && missing.optional !== true)
    throw new UsageError(`argument ${missing.name} is missing`, usage);
}

function checkChoice(name: string, value: string, choices: readonly string[] | undefined): void {
  if (choices !== undefined && !choices.includes(value))
    throw new UsageError(
      `${name} cannot be ${JSON.stringify(value)}${didYouMean(value, choices)}`,
      `allowed: ${choices.join(', ')}`,
    );
}
