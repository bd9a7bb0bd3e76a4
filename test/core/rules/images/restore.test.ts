/** A backup from the time of an upgrade: its objects are created again, in any order. */
import { expect, it } from 'vitest';
import { judgeChange } from '../../../../src/core/judge/judge.ts';
import type { Resource } from '../../../../src/core/base/model.ts';
import { World } from '../../../../src/core/world.ts';
import { sectionRules } from '../../../support/rules.ts';
import { edited, given, MANAGEMENT, POOL, resourceOf, worldWith } from '../../defaults/world.ts';

const OLD = 'v5.3.0-rc13-enterprise';
const NEW = 'v5.4.0-rc3-enterprise';

function tagged(key: string, tag: string): Resource {
  const components = ['meta', 'chunk', 'redirector'];
  return edited(given(key), Object.fromEntries(components.map((each) => [`spec.${each}.image.tag`, tag])));
}

/** The pool under another name, on other nodes. */
function copyOf(resource: Resource, number: number): Resource {
  const text = JSON.stringify(resource.json)
    .replaceAll('iomesh-cluster-1', `iomesh-cluster-${number}`)
    .replaceAll('k8s-worker-', `k8s-worker-${number}`);
  return resourceOf(JSON.parse(text));
}

function* permutations<T>(list: readonly T[]): Iterable<readonly T[]> {
  if (list.length === 0) yield [];
  for (const [index, each] of list.entries())
    for (const rest of permutations(list.toSpliced(index, 1))) yield [each, ...rest];
}

it.each([
  ['the last pool still has the older tags', [OLD]],
  ['two pools still have the older tags', [OLD, OLD]],
  ['one pool followed, another one did not', [NEW, OLD]],
])('admits a backup in every order: %s', (_name, tags) => {
  const inBetween = edited(copyOf(tagged(POOL, OLD), 9), { 'spec.meta.image.tag': NEW });
  const backup = [
    inBetween,
    tagged(MANAGEMENT, NEW),
    ...tags.map((tag, index) => copyOf(tagged(POOL, tag), index + 2)),
    tagged(POOL, NEW),
  ];
  for (const order of permutations(backup)) {
    let world = worldWith([], { without: [MANAGEMENT, POOL] }).inMode('admission');
    for (const after of order) {
      expect(judgeChange(world, { after }, sectionRules(4)).denied).toEqual([]);
      world = World.of({ ...world, resources: [...world.resources, after] });
    }
  }
});
