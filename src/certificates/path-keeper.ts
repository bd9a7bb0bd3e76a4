import type { Logger } from 'pino';
import type { WebhookPaths } from '../admission/webhook-paths.ts';
import { type BundledConfiguration, FIXED_PATH } from './bundles.ts';
import {
  applyPathStep,
  MINUTE,
  type PathPlace,
  type PathSecrets,
  type PathState,
  type RotationStep,
  planPaths,
  RETIRE,
} from './path-plan.ts';
import type { ReplicaSecret, SecretState } from './secret.ts';
import { SeenSince } from './since.ts';

/**
 * For so long after its start a replica waits for the webhook configurations, which the same apply creates after the
 * Deployment. Later they are not there on purpose: they are registered last, or were deleted in an emergency.
 */
const REGISTRATION_MS = 10_000;

/**
 * How long the path of an older version is kept: its pods answer no other one, and a rollout can take so long:
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds
 */
const KEEP_FIXED = 10 * MINUTE;

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
  /** Since when, and when last, a configuration had the fixed path. */
  #fixedSince: number | undefined;
  #fixedAt: number | undefined;
  #wasSecret = false;

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

  /** As for a former secret, an apiserver may not know the new path yet. */
  get fixed(): boolean {
    return this.#fixedAt !== undefined && this.#monotonic() - this.#fixedAt < RETIRE;
  }

  /** The secret that the configurations must have; {@link FIXED_PATH} while pods of an older version may run. */
  wanted({ paths }: SecretState): string | undefined {
    const keeps = this.#fixedSince !== undefined && this.#monotonic() - this.#fixedSince < KEEP_FIXED;
    return keeps ? FIXED_PATH : paths?.current;
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

  /** True if this replica answers every path of a configuration. */
  answers({ secrets }: BundledConfiguration): boolean {
    return secrets.every(
      (each) => each !== undefined && (each === FIXED_PATH ? this.fixed : this.#secrets.includes(each)),
    );
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
    this.#noteFixed(configured, now);
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
      configured: configured.filter((each) => each !== undefined).filter((each) => each !== FIXED_PATH),
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

  #noteFixed(configured: readonly (string | undefined)[], now: number): void {
    // Set over a secret, it is not that of an older version.
    this.#wasSecret ||= configured.some((each) => each !== undefined && each !== FIXED_PATH);
    const isFixed = configured.includes(FIXED_PATH) && !this.#wasSecret;
    if (isFixed && this.#fixedSince === undefined)
      this.#logger.warn(
        { minutes: KEEP_FIXED / MINUTE },
        'the webhook configurations have the path of an older version; every caller is answered until it is replaced',
      );
    this.#fixedSince = isFixed ? (this.#fixedSince ?? now) : undefined;
    if (isFixed) this.#fixedAt = now;
  }

  #problemOf(
    stored: PathSecrets | undefined,
    configurations: readonly BundledConfiguration[],
  ): string | undefined {
    if (this.awaitsRegistration(configurations))
      return `${configurations.map(({ kind, name }) => `${kind} ${name}`).join(' and ')} not found`;
    // Without the Secret a replica continues with the paths that it answers.
    if (stored === undefined && this.#secrets.length === 0) return 'there is no secret path yet';
    return configurations.every((each) => this.answers(each))
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
