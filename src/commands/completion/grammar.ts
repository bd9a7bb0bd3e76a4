import type { Command, Flag } from '../command.ts';

/** A word that may stand somewhere, and what it means. */
export interface Word {
  readonly text: string;
  readonly description: string;
}

/** What may stand in a place: names of files, of directories, certain words, or what only the user knows. */
export type Candidates =
  | { readonly kind: 'files' | 'directories' | 'unknown' }
  | { readonly kind: 'words'; readonly words: readonly Word[] };

export interface CompletedFlag {
  readonly name: string;
  readonly short: string | undefined;
  readonly description: string;
  readonly repeatable: boolean;
  /** Undefined for a flag without a value. */
  readonly value: Place | undefined;
}

/** A value or an operand: how `--help` calls it, and what may stand there. */
export interface Place {
  readonly placeholder: string;
  readonly candidates: Candidates;
}

export interface CompletedVerb extends Word {
  readonly flags: readonly CompletedFlag[];
  /** In order. */
  readonly operands: readonly Place[];
  /** The last operand may come any number of times. */
  readonly endless: boolean;
}

const HELP_FLAG: CompletedFlag = {
  name: 'help',
  short: 'h',
  description: 'print the help',
  repeatable: false,
  value: undefined,
};

/**
 * What a shell can complete, from the table `--help` is printed from. `named` gives the words behind a
 * placeholder, as CODE for the codes of the rules.
 */
export function grammar(
  commands: readonly Command[],
  named: Readonly<Record<string, readonly Word[]>>,
): CompletedVerb[] {
  const verbs = commands.map((command): CompletedVerb => {
    const operands = operandsOf(command);
    return {
      text: command.name,
      description: command.summary,
      flags: [
        ...Object.entries(command.flags).map(([name, flag]) => completed(name, flag, named)),
        HELP_FLAG,
      ],
      operands: operands.map((each) => place(each.replaceAll(/[[\]()\u2026]/g, ''), named)),
      endless: operands.at(-1)?.includes('…') ?? false,
    };
  });
  const names = verbs.map(({ text, description }): Word => ({ text, description }));
  const help: CompletedVerb = {
    text: 'help',
    description: 'Print the help of a command',
    flags: [],
    operands: [{ placeholder: 'COMMAND', candidates: { kind: 'words', words: names } }],
    endless: false,
  };
  return [...verbs, help];
}

/** The words of the usage line up to the first flag in it. */
function operandsOf({ operands }: Command): string[] {
  const words = operands.split(' ').filter((each) => each !== '');
  const flag = words.findIndex((each) => /^\[?-/.test(each));
  return flag === -1 ? words : words.slice(0, flag);
}

function completed(
  name: string,
  flag: Flag,
  named: Readonly<Record<string, readonly Word[]>>,
): CompletedFlag {
  return {
    name,
    short: flag.short,
    description: flag.description,
    repeatable: flag.multiple === true,
    value: flag.type === 'boolean' ? undefined : flagValue(flag, named),
  };
}

function flagValue(flag: Flag, named: Readonly<Record<string, readonly Word[]>>): Place {
  const placeholder = flag.value ?? 'VALUE';
  if (flag.choices !== undefined) return { placeholder, candidates: words(flag.choices) };
  // FILE[=RELEASE/NAMESPACE]: what comes first is what can be completed.
  return { placeholder, candidates: place(/^\w+/.exec(placeholder)?.[0] ?? '', named).candidates };
}

/** What stands behind `PATH`, `CODE|NAME` or `bash|zsh|fish`: names in capitals, and words to be taken as they are. */
function place(placeholder: string, named: Readonly<Record<string, readonly Word[]>>): Place {
  const parts = placeholder.split('|');
  if (parts.some((each) => each === 'FILE' || each === 'PATH'))
    return { placeholder, candidates: { kind: 'files' } };
  if (parts.includes('DIR')) return { placeholder, candidates: { kind: 'directories' } };
  const known = parts.flatMap((each) => (Object.hasOwn(named, each) ? (named[each] ?? []) : []));
  const literal = parts.filter((each) => each !== '' && each === each.toLowerCase());
  const found = [...words(literal).words, ...known];
  return {
    placeholder,
    candidates: found.length === 0 ? { kind: 'unknown' } : { kind: 'words', words: found },
  };
}

function words(texts: readonly string[]): { kind: 'words'; words: Word[] } {
  return { kind: 'words', words: texts.map((text) => ({ text, description: '' })) };
}
