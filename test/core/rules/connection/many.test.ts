/** Very many connections of one cluster: what a review costs must not grow with the square of them. */
import { expect, it } from 'vitest';
import { judgeChange } from '../../../../src/core/judge/judge.ts';
import { type Resource, toResource } from '../../../../src/core/base/model.ts';
import { connectionDuplicate } from '../../../../src/core/rules/connection/connection-duplicate.ts';
import { World } from '../../../../src/core/world.ts';

const cluster = toResource({
  apiVersion: 'iomesh.com/v1alpha1',
  kind: 'IOMeshCluster',
  metadata: { namespace: 'pool', name: 'pool' },
  spec: {},
})!;

function connection(name: string): Resource {
  return toResource({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'elsewhere', name },
    data: { metaAddr: 'pool-meta-client.pool.svc.cluster.local:10100' },
  })!;
}

const many = Array.from({ length: 100 }, (_, each) => connection(`c-${String(each).padStart(3, '0')}`));
const world = World.of({ resources: [cluster, ...many], today: '2026-11-28', mode: 'admission' });

/** How many objects the rule is asked about, in the world before and the world after, and what is said. */
function asked(change: { before?: Resource; after?: Resource }) {
  let checks = 0;
  const rule = {
    ...connectionDuplicate,
    check: (...given: Parameters<NonNullable<typeof connectionDuplicate.check>>) => {
      checks += 1;
      connectionDuplicate.check?.(...given);
    },
  };
  const { warned } = judgeChange(world, change, [rule]);
  return { checks, warned: warned.map(({ object }) => object?.name) };
}

it('one more is held against the first, and no other is asked about', () => {
  const { checks, warned } = asked({ after: connection('c-more') });
  expect(warned).toEqual(['c-more']);
  expect(checks).toBeLessThan(5);
});

it('one less, which was not the first, concerns no other', () => {
  expect(asked({ before: many[50]! })).toEqual({ checks: 0, warned: [] });
});

it('a new first is told of all others, which it now stands before', () => {
  const { warned } = asked({ after: connection('a') });
  expect(warned.sort()).toEqual(many.map(({ ref }) => ref.name));
});

it('the first of all is found once a world, not once for each that asks', () => {
  let reads = 0;
  const watched = many.map((each) => ({
    ...each,
    json: new Proxy(each.json, {
      get(json, key) {
        reads += 1;
        return Reflect.get(json, key);
      },
    }),
  }));
  const readsFor = (count: number) => {
    const some = watched.slice(0, count);
    const small = World.of({ resources: [cluster, ...some], today: '2026-11-28', mode: 'admission' });
    judgeChange(small, { after: connection('a') }, [connectionDuplicate]);
    reads = 0;
    judgeChange(small, { after: connection('a') }, [connectionDuplicate]);
    return reads;
  };
  const [few, all] = [readsFor(25), readsFor(100)];
  expect(few).toBeGreaterThan(0);
  expect(all / few).toBeLessThan(6);
});
