/** An error of the user on the command line or in the configuration. It is printed without a stack trace; the exit code is 2. */
export class UsageError extends Error {
  /** The next step, printed on a second line. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}
