import { atLeast } from '../../base/iomesh-version.ts';
import { changedObject } from '../../base/model.ts';
import { quoted } from '../../base/text.ts';
import { factOf, strongestEvidence, versionEvidence } from '../../base/version-evidence.ts';
import type { Rule } from '../../rule.ts';

/** IOM009: the configured release of IOMesh is not the one that an object shows. */
export const versionMismatch: Rule = {
  code: 'IOM009',
  name: 'version-mismatch',
  severity: { lint: 'warning', admission: 'warn' },
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    const configured = world.config.iomeshVersion;
    if (configured === 'auto') return;
    if (world.definition?.version === '1.0' && configured !== '1.0') {
      report({
        path: ['apiVersion'],
        identity: 'iomeshVersion',
        evidence: ['1.0'],
        message: `${factOf(world.definition)}, as in IOMesh 1.0, but iomeshVersion is ${quoted(configured)} in the configuration`,
        help: 'set iomeshVersion: "1.0" in the configuration, or remove the key: the objects then decide',
      });
      return;
    }
    // Without a named release only a later one contradicts: a later release takes the fields of an earlier one.
    const found = strongestEvidence(
      versionEvidence(subject).filter(({ by, version }) =>
        by === 'release' ? version !== configured : !atLeast(configured, version),
      ),
    );
    if (found === undefined) return;
    const release = found.by === 'release' ? `IOMesh ${found.version}` : `IOMesh ${found.version} or later`;
    report({
      path: found.path,
      // One setting is wrong, however many objects show it.
      identity: 'iomeshVersion',
      evidence: [found.version],
      message: `${factOf(found)}, as in ${release}, but iomeshVersion is ${quoted(configured)} in the configuration`,
      help: `set iomeshVersion: ${quoted(found.version)} in the configuration, or remove the key: the objects then decide`,
    });
  },
  // The clusters share one finding, whose evidence all of them give.
  affected(change, _before, after) {
    const isShared = changedObject(change)?.kind === 'IOMeshCluster' && after.config.iomeshVersion !== 'auto';
    return isShared ? after.all('IOMeshCluster') : [];
  },
};
