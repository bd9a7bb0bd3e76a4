/**
 * The paths on which reviews are answered: `/validate/SECRET` and `/mutate/SECRET`. Only those who may read
 * the webhook configurations know the secret.
 */
export interface WebhookPaths {
  /** The secrets that are answered now: while one replaces another, both. */
  readonly secrets: readonly string[];
  /** True while `/validate` and `/mutate` are answered too: the configurations have the path of an older version. */
  readonly fixed: boolean;
  /** Why the apiserver cannot call these paths yet; undefined if it can. */
  readonly problem: string | undefined;
  /** Called while the replica is not ready: calls may fail, and their error shows the path to users. */
  expose(): void;
}
