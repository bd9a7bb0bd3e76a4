/** One conflict is one finding, in any order of the objects. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { describe as name } from '../../../src/core/base/model.ts';
import { formatPath } from '../../../src/core/base/path.ts';
import { World } from '../../../src/core/world.ts';
import { clusterLike } from '../../cases/clusters.ts';
import { caseText, readWorld } from '../../cases/harness.ts';
import { resourcesOf, worlds } from './worlds.ts';
import { runsOf } from '../../support/runs.ts';

/** The text of a finding as a user sees it. */
function text({ code, severity, object, path, message, help, related, fix }: Finding): string {
  const others = related.map(
    (each) => `${each.resource ? name(each.resource.ref) : ''} ${formatPath(each.path)} ${each.message}`,
  );
  return JSON.stringify([
    code,
    severity,
    object && name(object),
    formatPath(path),
    message,
    help,
    others,
    fix?.description,
  ]);
}

const texts = (world: World) => judge(world).findings.map(text).sort();

it('gives the same findings, word for word, when the objects are shuffled', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(
      worlds.chain((world) => {
        const resources = resourcesOf(world);
        return fc.tuple(
          fc.constant(world),
          fc.shuffledSubarray(resources, { minLength: resources.length, maxLength: resources.length }),
        );
      }),
      ([world, resources]) => {
        const { config, today } = world;
        expect(texts(World.of({ resources, config, today }))).toEqual(texts(world));
      },
    ),
    { numRuns: runsOf(200) },
  );
});

it('gives each finding once', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const identities = judge(world).findings.map(({ identity }) => identity);
      expect(new Set(identities).size).toBe(identities.length);
    }),
    { numRuns: runsOf(200) },
  );
});

it('gives one finding for each two clusters when three share their nodes', () => {
  const add = `${clusterLike('pool-b', 3)}---\n${clusterLike('pool-c', 3)}`;
  const { findings } = judge(readWorld(caseText({ name: 'three', add }), { name: 'three' }));
  expect(findings.map(({ code }) => code)).toEqual(['IOM101', 'IOM101', 'IOM101']);
  const pairs = findings.map(({ objects }) =>
    [...new Set(objects.map(({ ref }) => ref.namespace))].sort().join(' '),
  );
  expect(pairs.sort()).toEqual(['iomesh-cluster-1 pool-b', 'iomesh-cluster-1 pool-c', 'pool-b pool-c']);
});
