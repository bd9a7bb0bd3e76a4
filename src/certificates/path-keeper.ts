import type { Logger } from 'pino';
import type { WebhookPaths } from '../admission/webhook-paths.ts';
import type { BundledConfiguration } from './bundles.ts';
import {
  applyPathStep,
  type PathPlace,
  type PathSecrets,
  type PathState,
  type RotationStep,
  planPaths,
} from './path-plan.ts';
import { SeenSince } from './since.ts';

/** What one replica knows of the secret path: which secrets it answers, and for how long it has seen them. */
export class PathKeeper implements WebhookPaths {
  readonly #logger: Logger;
  readonly #monotonic: () => number;
  readonly #seen = new SeenSince();
  #secrets: readonly string[] = [];
  #problem: string | undefined = 'there is no secret path yet';
  #reported: string | undefined = '';
  /** True from the start: while the replica was not running, calls may have failed. */
  #isExposed = true;
  #exposed: string | undefined;
  #step: RotationStep | undefined;

  constructor(logger: Logger, monotonic: () => number) {
    this.#logger = logger;
    this.#monotonic = monotonic;
  }

  get secrets(): readonly string[] {
    return this.#secrets;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  expose(): void {
    this.#isExposed = true;
  }

  /** The secrets that are to be stored next; undefined if these are right. Answers the stored ones from now on. */
  plan(
    configurations: readonly BundledConfiguration[],
    stored: PathSecrets | undefined,
  ): PathSecrets | undefined {
    const now = this.#monotonic();
    const configured = configurations.flatMap(({ secrets }) => secrets);
    if (stored !== undefined) {
      const { current, next, previous } = stored;
      const places = [idOf('current', current), ...previous.map((each) => idOf('previous', each))];
      this.#seen.record(next === undefined ? places : [...places, idOf('next', next)], now);
      this.#secrets = [current, ...(next === undefined ? [] : [next]), ...previous];
      if (this.#isExposed) this.#exposed = current;
      this.#isExposed = false;
    }
    this.#problem = this.#problemOf(stored, configurations);
    const state: PathState = {
      stored,
      configured: configured.filter((each) => each !== undefined),
      answered: this.#secrets,
      exposed: this.#exposed,
      seenFor: (place, secret) => this.#seen.duration(idOf(place, secret), now) ?? 0,
    };
    const step = planPaths(state);
    if (step === undefined) {
      this.#report();
      return undefined;
    }
    this.#step = step;
    return applyPathStep(step, state);
  }

  /** Called after the secrets of {@link plan} were stored. */
  written(): void {
    this.#logger.info({ step: this.#step }, 'secret path changed');
  }

  #problemOf(
    stored: PathSecrets | undefined,
    configurations: readonly BundledConfiguration[],
  ): string | undefined {
    // If one of them exists, its reviews must be answered.
    if (configurations.every(({ object }) => object === undefined))
      return `${configurations.map(({ kind, name }) => `${kind} ${name}`).join(' and ')} not found`;
    if (stored === undefined) return 'there is no secret path yet';
    return configurations
      .flatMap(({ secrets }) => secrets)
      .every((each) => each !== undefined && this.#secrets.includes(each))
      ? undefined
      : 'the webhook configurations do not have the secret path';
  }

  /** Logs a problem once, not in each interval. */
  #report(): void {
    if (this.#problem === this.#reported) return;
    this.#reported = this.#problem;
    if (this.#problem === undefined) this.#logger.info('the webhook configurations have the secret path');
    else this.#logger.warn({ reason: this.#problem }, 'the apiserver cannot call the webhooks');
  }
}

function idOf(place: PathPlace, secret: string): string {
  return `${place} ${secret}`;
}
