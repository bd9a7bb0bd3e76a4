import { rules } from '../../core/judge/catalogue.ts';
import { type Command, type Completion, type Flag, operandAt } from '../command.ts';

/** A word that completes the command line, and its description. */
type Offer = readonly [word: string, description: string];

const HELP: Offer = ['--help', 'print the help'];
const VERSION: Offer = ['--version', 'print the version'];
const HELP_VERB: Offer = ['help', 'Print the help of a command'];

/**
 * The lines that `__complete` prints for the words of a command line up to the cursor, the last one incomplete: a word
 * and its description, or `:files` or `:directories`.
 */
export function offersFor(typed: readonly string[], commands: readonly Command[]): readonly string[] {
  const words = joinBashFlags(typed);
  const current = words.at(-1) ?? '';
  const [verb, ...before] = words.slice(0, -1);
  const verbs = commands.map(({ name, summary }): Offer => [name, summary]);
  if (verb === undefined)
    return matching(current.startsWith('-') ? [HELP, VERSION] : [...verbs, HELP_VERB], current);
  if (verb === 'help') return before.length === 0 ? matching(verbs, current) : [];
  const command = commands.find(({ name }) => name === verb);
  return command === undefined ? [] : verbOffers(command, before, current);
}

function verbOffers(command: Command, before: readonly string[], current: string): readonly string[] {
  let pending: Flag | undefined;
  let onlyOperands = false;
  let operands = 0;
  for (const word of before) {
    if (pending !== undefined) pending = undefined;
    else if (onlyOperands || word === '-' || !word.startsWith('-')) operands += 1;
    else if (word === '--') onlyOperands = true;
    else pending = valueFlag(command, word);
  }
  if (pending !== undefined) return valueOffers(pending, current);
  if (onlyOperands || !current.startsWith('-')) return valueOffers(operandAt(command, operands), current);
  const equals = current.indexOf('=');
  if (equals > 0) {
    const flag = valueFlag(command, current.slice(0, equals));
    return valueOffers(flag, current, current.slice(0, equals + 1));
  }
  const flags = Object.entries(command.flags).map(
    ([name, { description }]): Offer => [`--${name}`, description],
  );
  return matching([...flags, HELP], current);
}

/** Removes the `=` of `--flag=value`, which bash makes a word of its own. */
function joinBashFlags(words: readonly string[]): readonly string[] {
  const joined = words.filter((word, index) => word !== '=' || words[index - 1]?.startsWith('--') !== true);
  return words.at(-1) === '=' && joined.length < words.length ? [...joined, ''] : joined;
}

/** The flag that is written as this word, if it takes a value. */
function valueFlag({ flags }: Command, word: string): Flag | undefined {
  const found = Object.entries(flags).find(
    ([name, { short }]) => word === `--${name}` || word === `-${short}`,
  );
  return found?.[1].type === 'string' ? found[1] : undefined;
}

interface Completed {
  readonly choices?: readonly string[] | undefined;
  readonly completion?: Completion | undefined;
}

/** The values of a flag or an operand, each after `prefix`. */
function valueOffers(
  { choices = [], completion }: Completed = {},
  current: string,
  prefix = '',
): readonly string[] {
  if (completion === 'files' || completion === 'directories') return [`:${completion}`];
  const named = completion === 'rules' ? rules : [];
  const values: readonly Offer[] = [
    ...choices.map((choice): Offer => [choice, '']),
    ...named.map(({ code, name }): Offer => [code, name]),
    ...named.map(({ code, name }): Offer => [name, code]),
  ];
  return matching(
    values.map(([word, description]): Offer => [prefix + word, description]),
    current,
  );
}

function matching(offers: readonly Offer[], current: string): readonly string[] {
  return offers
    .filter(([word]) => word.startsWith(current))
    .map(([word, description]) => (description === '' ? word : `${word}\t${description}`));
}
