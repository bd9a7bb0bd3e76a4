import { describe, expect, it } from 'vitest';
import { type Resource, toResource } from '../../../src/core/base/model.ts';
import { isOrphan } from '../../../src/core/iomesh/owner-reference.ts';
import { World } from '../../../src/core/world.ts';

const TYPE = { apiVersion: 'v1', kind: 'ConfigMap' };

/** A ConfigMap that these own; its uid is its name. */
function owned(name: string, ...owners: readonly string[]): Resource {
  const ownerReferences = owners.map((each) => ({ ...TYPE, name: each, uid: each }));
  return toResource({ ...TYPE, metadata: { name, namespace: 'a', uid: name, ownerReferences } })!;
}

function isOrphanIn(resources: readonly Resource[]): boolean {
  const world = World.of({ resources, today: '2026-11-23', mode: 'admission' });
  return isOrphan(world, resources[0]!);
}

describe('an object', () => {
  it.each([
    ['without owners stays', [owned('x')], false],
    ['with an owner stays', [owned('x', 'y'), owned('y')], false],
    ['without any of its owners is deleted', [owned('x', 'y', 'z')], true],
    ['with one of its owners stays', [owned('x', 'y', 'z'), owned('z')], false],
    ['is deleted after its owner', [owned('x', 'y'), owned('y', 'z')], true],
    ['that owns its owner stays', [owned('x', 'y'), owned('y', 'x')], false],
    ['that owns itself stays', [owned('x', 'x')], false],
  ])('%s', (_, resources, expected) => expect(isOrphanIn(resources)).toBe(expected));

  it('is decided at once, however many ways lead to its last owners', () => {
    const width = 30;
    const name = (level: number, each: number) => `x-${level}-${each}`;
    const numbers = Array.from({ length: width }, (_, each) => each);
    const levels = numbers.flatMap((level) =>
      numbers.map((each) => owned(name(level, each), ...numbers.map((next) => name(level + 1, next)))),
    );
    expect(isOrphanIn(levels)).toBe(false);
    expect(isOrphanIn(levels.slice(-10 * width))).toBe(true);
  });
});
