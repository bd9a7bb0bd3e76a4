/** What a command may touch of the process it runs in. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** All of standard input. */
  readStdin(): Promise<Uint8Array>;
  /** Milliseconds since some moment, for durations. */
  clock(): number;
  /** The day, `YYYY-MM-DD` in UTC. */
  today(): string;
}

/** One of the two output streams. */
export interface Output {
  readonly isTerminal: boolean;
  /** How many columns the terminal has, if it is one. */
  readonly columns?: () => number | undefined;
  write(text: string): void;
}

/** The exit codes every verb keeps to. */
export const EXIT = { clean: 0, findings: 1, usage: 2, internal: 3 } as const;
