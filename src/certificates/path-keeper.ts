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
import type { ReplicaSecret, SecretState } from './secret.ts';
import { SeenSince } from './since.ts';

/**
 * For so long after its start a replica waits for the webhook configurations, which the same apply creates after the
 * Deployment. Later they are not there on purpose: they are registered last, or were deleted in an emergency.
 */
const REGISTRATION_MS = 10_000;

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
  readonly #started: number;
  /** False while a webhook configuration is missing. */
  #isRegistered = false;
  #wasRegistered = false;

  constructor(logger: Logger, monotonic: () => number) {
    this.#logger = logger;
    this.#monotonic = monotonic;
    this.#started = monotonic();
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

  /** True if all webhook configurations existed in the last pass. */
  get isRegistered(): boolean {
    return this.#isRegistered;
  }

  /** True while no configuration exists because the installation may still be creating them. */
  awaitsRegistration(configurations: readonly BundledConfiguration[]): boolean {
    if (configurations.some(({ object }) => object !== undefined)) this.#wasRegistered = true;
    this.#isRegistered = configurations.every(({ object }) => object !== undefined);
    return !this.#wasRegistered && this.#monotonic() - this.#started < REGISTRATION_MS;
  }

  /** Answers the stored secrets from now on, and stores the next ones. Returns true if these are right. */
  async update(
    configurations: readonly BundledConfiguration[],
    secret: ReplicaSecret,
    stored: SecretState,
    signal: AbortSignal,
  ): Promise<boolean> {
    const next = this.#next(configurations, stored.paths);
    if (next === undefined) return true;
    const { step, paths } = next;
    if (await secret.write(stored, { paths }, signal)) this.#logger.info({ step }, 'secret path changed');
    return false;
  }

  /** The next step and the secrets after it; undefined if the stored ones are right. */
  #next(
    configurations: readonly BundledConfiguration[],
    stored: PathSecrets | undefined,
  ): { step: RotationStep; paths: PathSecrets } | undefined {
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
      if (this.#wasRegistered || this.#problem !== undefined) this.#report();
      return undefined;
    }
    return { step, paths: applyPathStep(step, state) };
  }

  #problemOf(
    stored: PathSecrets | undefined,
    configurations: readonly BundledConfiguration[],
  ): string | undefined {
    if (this.awaitsRegistration(configurations))
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
