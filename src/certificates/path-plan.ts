import { randomBytes } from 'node:crypto';
import type { Json } from '../core/base/json.ts';
import { asString, isArray, own } from '../core/base/json.ts';

/**
 * Decides the next step of the rotation of the secret path. docs/decisions/0005-secret-path.md explains why every
 * replica answers the path that the webhook configurations have.
 */

/** The secrets that the replicas answer, as they are stored. */
export interface PathSecrets {
  /** The one for the webhook configurations. */
  readonly current: string;
  /** The one that follows. It is answered before a configuration has it. */
  readonly next?: string | undefined;
  /** Former ones, which are still answered. */
  readonly previous: readonly string[];
}

export interface PathState {
  /** Undefined if there are none, or they are invalid. */
  readonly stored: PathSecrets | undefined;
  /** The secrets in the paths of the webhook configurations. */
  readonly configured: readonly string[];
  /** The secrets that this replica answers, the current one first. */
  readonly answered: readonly string[];
  /** A secret that failed calls may have shown to users. */
  readonly exposed: string | undefined;
  /** How long this replica has seen a secret in this place, in milliseconds. */
  seenFor(place: PathPlace, secret: string): number;
}

export type PathPlace = 'current' | 'next' | 'previous';

export type RotationStep =
  /** Adopt the secret of the configurations, or that of this replica, or create one. */
  | 'create'
  /** Create the next secret. */
  | 'prepare'
  /** Make the next secret the current one. */
  | 'promote'
  /** Stop to answer former secrets. */
  | 'retire';

export const MINUTE = 60_000;
const ROTATE = 60 * MINUTE;
/** Each replica reads the Secret at least every 48 seconds. */
export const PREPARED = 2 * MINUTE;
/** Longer than an apiserver needs to receive a changed configuration. */
export const RETIRE = 5 * MINUTE;

/** Decides the next step; undefined if none is due. No clocks are compared. */
export function planPaths({ stored, configured, exposed, seenFor }: PathState): RotationStep | undefined {
  if (stored === undefined) return 'create';
  const { current, next, previous } = stored;
  if (next !== undefined && seenFor('next', next) >= PREPARED) return 'promote';
  if (next === undefined && (exposed === current || seenFor('current', current) >= ROTATE)) return 'prepare';
  return previous.some((each) => isRetirable(each, configured, seenFor)) ? 'retire' : undefined;
}

function isRetirable(secret: string, configured: readonly string[], seenFor: PathState['seenFor']): boolean {
  return seenFor('previous', secret) >= RETIRE && !configured.includes(secret);
}

/** The secrets after a step. */
export function applyPathStep(
  step: RotationStep,
  { stored, configured, answered, seenFor }: PathState,
  create: () => string = issuePathSecret,
): PathSecrets {
  if (step === 'create' || stored === undefined) {
    // Other replicas answer these.
    const [adopted, ...others] = new Set([...configured, ...answered]);
    return { current: adopted ?? create(), previous: others };
  }
  const { current, next, previous } = stored;
  if (step === 'prepare') return { ...stored, next: create() };
  if (step === 'promote' && next !== undefined) return { current: next, previous: [...previous, current] };
  return { ...stored, previous: previous.filter((each) => !isRetirable(each, configured, seenFor)) };
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
const LENGTH = 52;
const SECRET = new RegExp(`^[${LETTERS}]{${LENGTH}}$`);
const MAX_PREVIOUS = 100;

/** 260 random bits. The apiserver accepts only DNS-1123 subdomains as segments of the path. */
export function issuePathSecret(): string {
  return [...randomBytes(LENGTH)].map((byte) => LETTERS[byte % 32]).join('');
}

/** True for a secret that {@link applyPathStep} can have created. */
export function isPathSecret(text: string | undefined): text is string {
  return text !== undefined && SECRET.test(text);
}

/** Parses the stored secrets; undefined if they are missing or invalid. */
export function decodePaths(text: string | undefined): PathSecrets | undefined {
  let value: Json;
  try {
    value = JSON.parse(text ?? '') as Json;
  } catch {
    return undefined;
  }
  const [current, next] = [asString(own(value, 'current')), asString(own(value, 'next'))];
  const list = own(value, 'previous');
  const previous = isArray(list) ? list.map(asString).filter(isPathSecret) : [];
  if (!isPathSecret(current) || previous.length > MAX_PREVIOUS) return undefined;
  return { current, ...(isPathSecret(next) ? { next } : {}), previous };
}
