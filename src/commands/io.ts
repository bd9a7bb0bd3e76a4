/** The parts of the process that a command uses. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** All of standard input. */
  readStdin(): Promise<Uint8Array>;
  /** A monotonic time in milliseconds, for durations. */
  clock(): number;
  /** The current day in UTC, `YYYY-MM-DD`. */
  today(): string;
}

/** One of the two output streams. */
export interface Output {
  readonly isTerminal: boolean;
  /** The number of columns of a terminal. */
  readonly columns?: () => number | undefined;
  write(text: string): void;
}

/** The exit codes of every verb. */
export const EXIT = { clean: 0, findings: 1, usage: 2, internal: 3 } as const;
