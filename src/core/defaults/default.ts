import type { FixEdit } from '../base/edits.ts';
import type { Kind, Resource } from '../base/model.ts';
import type { World } from '../world.ts';

/** What an admission is about to do with an object. */
export type Operation = 'CREATE' | 'UPDATE';

/**
 * One field that is filled where a person left it out. `fill` gives an `add` for each absent whole field
 * it knows a right value for, and nothing where there is none; it depends on nothing but its arguments,
 * so that defaults can be applied in any order. What it gives is a fresh copy.
 */
export interface Default {
  /** Kebab-case; audit lines and fixes show it. */
  readonly name: string;
  readonly kinds: readonly Kind[];
  /** One sentence: what is filled, and with what. */
  readonly summary: string;
  fill(resource: Resource, world: World, operation: Operation): readonly FixEdit[];
}
