import type { Io } from './io.ts';

/** One flag of a verb: what `--help` says of it, and how it is parsed. */
export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean | undefined;
  readonly short?: string | undefined;
  /** The name of the value in `--help`: `FILE`. */
  readonly value?: string | undefined;
  /** The values a person may choose from. */
  readonly choices?: readonly string[] | undefined;
  readonly description: string;
}

/** A flag as it was given; `value` is undefined for a boolean one. Flags keep the order of the command line. */
export interface GivenFlag {
  readonly name: string;
  readonly value: string | undefined;
}

/** A command line, understood. */
export class Arguments {
  readonly positionals: readonly string[];
  readonly flags: readonly GivenFlag[];

  constructor(positionals: readonly string[], flags: readonly GivenFlag[]) {
    this.positionals = positionals;
    this.flags = flags;
  }

  has(name: string): boolean {
    return this.flags.some((flag) => flag.name === name);
  }

  /** The last value given for a flag. */
  get(name: string): string | undefined {
    return this.flags.findLast((flag) => flag.name === name)?.value;
  }
}

/** A verb: its help and its work. The work is loaded when it is called, not before. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What follows the verb in the usage line. */
  readonly operands: string;
  readonly description: string;
  readonly flags: Readonly<Record<string, Flag>>;
  readonly examples: readonly { readonly command: string; readonly does: string }[];
  readonly exitCodes?: readonly string[] | undefined;
  run(args: Arguments, io: Io): Promise<number>;
}
