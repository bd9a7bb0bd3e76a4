import type { Io } from './io.ts';

/** The kinds of values that a shell can complete: file names, directory names, codes and names of rules. */
export type Completion = 'files' | 'directories' | 'rules';

/** One flag of a verb, for the parser, `--help`, docs/cli.md and shell completion. */
export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean | undefined;
  readonly short?: string | undefined;
  /** The name of the value in `--help`: `FILE`. */
  readonly value?: string | undefined;
  /** All values that are allowed. */
  readonly choices?: readonly string[] | undefined;
  readonly completion?: Completion | undefined;
  /** True if the verb does not run without it. */
  readonly required?: boolean | undefined;
  readonly description: string;
}

/** One operand of a verb: an argument that is not a flag. */
export interface Operand {
  /** Its name in the usage line: `PATH`. */
  readonly name: string;
  readonly optional?: boolean | undefined;
  /** True if the last operand may be repeated. */
  readonly multiple?: boolean | undefined;
  /** All values that are allowed. */
  readonly choices?: readonly string[] | undefined;
  readonly completion?: Completion | undefined;
}

/** A flag of the command line; `value` is undefined for a boolean flag. */
export interface GivenFlag {
  readonly name: string;
  readonly value: string | undefined;
}

/** A parsed command line. Flags and operands keep their order. */
export class Arguments {
  /** The verb, for messages that show a whole command. */
  readonly verb: string;
  readonly positionals: readonly string[];
  readonly flags: readonly GivenFlag[];

  constructor(verb: string, positionals: readonly string[], flags: readonly GivenFlag[]) {
    this.verb = verb;
    this.positionals = positionals;
    this.flags = flags;
  }

  has(name: string): boolean {
    return this.flags.some((flag) => flag.name === name);
  }

  /** The last value of a flag. */
  get(name: string): string | undefined {
    return this.all(name).at(-1);
  }

  /** All values of a flag. */
  all(name: string): readonly string[] {
    return this.flags.flatMap((flag) => (flag.name === name && flag.value !== undefined ? [flag.value] : []));
  }
}

/** A verb: its help and its work. The code of the work is loaded when it runs. */
export interface Command {
  readonly name: string;
  /** One imperative sentence without a full stop. */
  readonly summary: string;
  readonly operands: readonly Operand[];
  readonly description: string;
  readonly flags: Readonly<Record<string, Flag>>;
  readonly examples: readonly { readonly command: string; readonly does: string }[];
  /** The meaning of each exit code except 3, which is the same for all verbs. */
  readonly exitCodes?: Readonly<Partial<Record<0 | 1 | 2, string>>> | undefined;
  run(args: Arguments, io: Io): Promise<number>;
}

/** The operand at an index of the command line; the last one repeats if it may. */
export function operandAt({ operands }: Command, index: number): Operand | undefined {
  const last = operands.at(-1);
  return operands[index] ?? (last?.multiple === true ? last : undefined);
}
