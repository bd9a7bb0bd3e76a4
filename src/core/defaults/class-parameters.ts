import type { FixEdit } from '../base/edits.ts';
import type { Resource } from '../base/model.ts';
import { misspelling, parameterNames } from '../iomesh/class-parameters.ts';
import { isIomeshClass } from '../iomesh/storage-class.ts';
import type { World } from '../world.ts';
import { add } from './absent.ts';
import type { Operation } from './default.ts';

/** No class has so many; among them a mistyped one is not worth looking for. */
const MAX_NAMES = 250;

/**
 * Fills one parameter of a class of the IOMesh CSI driver with what `value` gives. Only while it is being
 * created, as parameters are immutable afterwards; not where a mistyped parameter means it.
 */
export function fillParameter(
  resource: Resource,
  world: World,
  operation: Operation,
  name: string,
  value: () => string | undefined,
): readonly FixEdit[] {
  if (operation !== 'CREATE' || !isIomeshClass(resource)) return [];
  if (parameterNames(resource).length > MAX_NAMES) return [];
  if (misspelling(resource, name, world.config.iomeshVersion) !== undefined) return [];
  const found = value();
  return found === undefined ? [] : add(world, resource, ['parameters', name], found);
}
