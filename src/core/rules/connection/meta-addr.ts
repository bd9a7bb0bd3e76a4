import { reclassifiedConfigMaps } from '../../iomesh/affected.ts';
import { isConnection, META_PORT, metaAddrOf } from '../../iomesh/connection.ts';
import { readString } from '../../schema/read-field.ts';
import { displayName } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { isBlankText, joined } from '../../base/text.ts';
import { likelyCluster } from '../../iomesh/likely-cluster.ts';
import { META_ADDR, metaAddrFix, readMetaAddr } from '../../iomesh/meta-address.ts';

/** IOM203: metaAddr has the form that the CSI driver needs. */
export const metaAddr: Rule = {
  code: 'IOM203',
  name: 'meta-addr',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['ConfigMap'],

  check(subject, world, report) {
    if (!isConnection(world, subject)) return;
    const { value } = readString(world, subject, META_ADDR);
    if (value === undefined || isBlankText(value)) return;
    const { clusterDomain } = world.config;
    const reading = readMetaAddr(value, clusterDomain);
    if (reading.errors.length === 0) return;
    const named =
      reading.name === undefined || reading.namespace === undefined
        ? undefined
        : { name: reading.name, namespace: reading.namespace };
    const meant = likelyCluster(world, subject, reading) ?? named;
    const right = meant && metaAddrOf(meant, clusterDomain);
    const form = `<cluster>-meta-client.<namespace>.svc.${clusterDomain}:${META_PORT}`;
    report({
      path: META_ADDR,
      message: `metaAddr of ${displayName(subject.ref)} is invalid: ${joined(reading.errors.map((each) => each.text))}`,
      help:
        right === undefined
          ? `set data.metaAddr to "${form}"`
          : `set data.metaAddr to "${right}", the meta service of ${displayName(meant!)}`,
      // Not the value: fixing one of two errors must not make the finding a new one.
      evidence: reading.errors.map((each) => each.part),
      fix: right === undefined ? undefined : metaAddrFix(right),
    });
  },
  affected: reclassifiedConfigMaps,
};
