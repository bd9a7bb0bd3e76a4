/** What a person did wrong on the command line or in the configuration: printed as it is, exit code 2. */
export class UsageError extends Error {
  /** What to do next, on a line of its own. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}
