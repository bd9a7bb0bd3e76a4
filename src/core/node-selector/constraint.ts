import { isDnsSubdomain, isLabelValue, MAX_LABEL } from '../base/names.ts';
import { NAME_FIELD, type Requirement } from './types.ts';

/** Marks a missing label among the values of a label; no label can have this value. */
export const ABSENT = '\0';

/** Integers from `low` to `high`, both included. */
interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

/**
 * What one term demands of one key, as the set of allowed values. An empty set is always an empty `pinned`.
 */
export type Constraint =
  | { readonly kind: 'pinned'; readonly values: ReadonlySet<string> }
  | {
      readonly kind: 'open';
      /** The label may be missing. Never set together with a range. */
      readonly absent: boolean;
      readonly excluded: ReadonlySet<string>;
      /** Only texts of an integer in this range. */
      readonly range?: Range | undefined;
    };

const NOTHING: Constraint = { kind: 'pinned', values: new Set() };
const ONLY_ABSENT: Constraint = { kind: 'pinned', values: new Set([ABSENT]) };

/**
 * The set of values that satisfies all requirements, which must be on one key. Only what a real node
 * can have counts: syntactically valid label values, valid node names.
 */
export function constrain(requirements: readonly Requirement[]): Constraint {
  const isName = requirements[0]?.kind === 'field';
  const possible = isName ? isDnsSubdomain : isLabelValue;
  const [only, another] = requirements;
  if (another === undefined && only?.operator === 'In')
    return { kind: 'pinned', values: new Set(only.values.filter(possible)) };
  let listed: Set<string> | undefined;
  const excluded = new Set<string>();
  let mayBeAbsent = !isName;
  let mayBePresent = true;
  let range: Range | undefined;
  for (const { operator, values } of requirements) {
    if (operator === 'NotIn') {
      for (const value of values) excluded.add(value);
    } else if (operator === 'DoesNotExist') {
      mayBePresent = false;
    } else {
      mayBeAbsent = false;
      if (operator === 'In') {
        const known = listed;
        listed = new Set(
          values.filter((value) => (known === undefined ? possible(value) : known.has(value))),
        );
      } else if (operator !== 'Exists') {
        // A negative number is no label value, so the integers begin at 0.
        const bound = parseInteger(values[0] ?? '');
        if (bound === undefined) return NOTHING;
        const { low, high } =
          operator === 'Gt' ? { low: bound + 1n, high: MAX_INTEGER } : { low: 0n, high: bound - 1n };
        range = overlapOf(range, { low, high });
      }
    }
  }
  if (!mayBePresent) return mayBeAbsent ? ONLY_ABSENT : NOTHING;
  const open: Constraint = { kind: 'open', absent: mayBeAbsent, excluded, range };
  if (listed !== undefined) {
    return { kind: 'pinned', values: new Set([...listed].filter((value) => allows(open, value))) };
  }
  if (range !== undefined && firstInteger(range, [excluded]) === undefined) return NOTHING;
  return open;
}

/** True if the constraint allows no value. */
export function isEmpty(constraint: Constraint): boolean {
  return constraint.kind === 'pinned' && constraint.values.size === 0;
}

/** True if the constraint allows this value, or {@link ABSENT}. */
export function allows(constraint: Constraint, value: string): boolean {
  if (constraint.kind === 'pinned') return constraint.values.has(value);
  if (value === ABSENT) return constraint.absent;
  if (constraint.excluded.has(value)) return false;
  return constraint.range === undefined || within(constraint.range, value);
}

/** The values that both allow, unsorted; undefined if neither lists its values. */
export function shared(a: Constraint, b: Constraint): string[] | undefined {
  if (a.kind === 'pinned' && (b.kind === 'open' || a.values.size <= b.values.size)) {
    return [...a.values].filter((value) => allows(b, value));
  }
  return b.kind === 'pinned' ? [...b.values].filter((value) => allows(a, value)) : undefined;
}

/** How many steps {@link meet} and {@link pick} may take. */
export function effort(a: Constraint, b: Constraint): number {
  if (a.kind === 'pinned')
    return 1 + (b.kind === 'pinned' ? Math.min(a.values.size, b.values.size) : a.values.size);
  if (b.kind === 'pinned') return 1 + b.values.size;
  return a.range === undefined && b.range === undefined ? 1 : 1 + a.excluded.size + b.excluded.size;
}

/** True if one value satisfies both, which must be on the same key. */
export function meet(a: Constraint, b: Constraint): boolean {
  if (a.kind === 'pinned') {
    if (b.kind === 'pinned' && b.values.size < a.values.size) return meet(b, a);
    for (const value of a.values) if (allows(b, value)) return true;
    return false;
  }
  if (b.kind === 'pinned') return meet(b, a);
  const range = overlapOf(a.range, b.range);
  return range === undefined || firstInteger(range, [a.excluded, b.excluded]) !== undefined;
}

/**
 * A value that satisfies both, {@link ABSENT} if the label may be missing, or undefined if there is none.
 * `key` is the label's key, or {@link NAME_FIELD}.
 */
export function pick(key: string, a: Constraint, b: Constraint = a): string | undefined {
  const listed = shared(a, b);
  if (listed !== undefined) {
    let least: string | undefined;
    for (const value of listed) if (least === undefined || value < least) least = value;
    return least;
  }
  if (a.kind === 'pinned' || b.kind === 'pinned') return undefined;
  if (a.absent && b.absent) return ABSENT;
  const range = overlapOf(a.range, b.range);
  if (range !== undefined) return firstInteger(range, [a.excluded, b.excluded]);
  const stem = key === NAME_FIELD ? 'any-node' : 'any';
  let value = stem;
  for (let n = 2; a.excluded.has(value) || b.excluded.has(value); n++) value = `${stem}-${n}`;
  return value;
}

/** A text that is equal for two constraints only if they are the same set. */
export function canonical(constraint: Constraint): string {
  if (constraint.kind === 'pinned') return JSON.stringify([...constraint.values].sort());
  const { absent, excluded, range } = constraint;
  const relevant =
    range === undefined ? [...excluded] : [...excluded].filter((value) => within(range, value));
  return JSON.stringify({ absent, excluded: relevant.sort(), low: `${range?.low}`, high: `${range?.high}` });
}

function within(range: Range, value: string): boolean {
  const integer = parseInteger(value);
  return integer !== undefined && range.low <= integer && integer <= range.high;
}

function overlapOf(a: Range | undefined, b: Range | undefined): Range | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  // Math.max and Math.min do not take bigints.
  let { low, high } = a;
  if (b.low > low) low = b.low;
  if (b.high < high) high = b.high;
  return { low, high };
}

const INTEGER = /^[-+]?[0-9]+$/;
const MAX_INTEGER = (1n << 63n) - 1n;
const MIN_INTEGER = -(1n << 63n);

/**
 * The integer that Gt and Lt read in a text: decimal, signed, 64 bits, leading zeros allowed; undefined for
 * any other text.
 */
export function parseInteger(text: string): bigint | undefined {
  // Longer than any label. BigInt needs more than linear time.
  if (text.length > 2 * MAX_LABEL || !INTEGER.test(text)) return undefined;
  const value = text.startsWith('+') ? BigInt(text.slice(1)) : BigInt(text);
  return value > MAX_INTEGER || value < MIN_INTEGER ? undefined : value;
}

/**
 * The first text for an integer of the range that is not excluded. One integer has many texts ("5",
 * "05", up to 63 digits), all of which are different label values. Takes at most one step more than there are
 * exclusions.
 */
function firstInteger(range: Range, excluded: readonly ReadonlySet<string>[]): string | undefined {
  for (let integer = range.low; integer <= range.high; integer++) {
    for (let text = integer.toString(); text.length <= MAX_LABEL; text = `0${text}`) {
      const candidate = text;
      if (!excluded.some((set) => set.has(candidate))) return candidate;
    }
  }
  return undefined;
}
