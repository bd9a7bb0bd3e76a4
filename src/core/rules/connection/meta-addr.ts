import { isBlank, isConnection, META_PORT, metaAddrOf } from '../../iomesh/connection.ts';
import { readString } from '../../schema/read-field.ts';
import { displayName } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { joined } from '../../base/text.ts';
import { likelyCluster } from '../../iomesh/likely-cluster.ts';
import { META_ADDR, metaAddrFix, readMetaAddr } from '../../iomesh/meta-address.ts';

/** IOM203: the address of a cluster's meta service has the form the CSI driver needs. */
export const metaAddr: Rule = {
  code: 'IOM203',
  name: 'meta-addr',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['ConfigMap'],
  doc: {
    summary: `\`metaAddr\` of a connection ConfigMap is not \`<cluster>-meta-client.<namespace>.svc.<cluster domain>:${META_PORT}\`.`,
    why: 'The CSI driver reaches a cluster at the address of its meta service. With a wrong port, a missing part or a trailing full stop the name does not resolve or nothing answers there, and no volume of that cluster can be created.',
    bad: `data:
  metaAddr: iomesh-meta-client.iomesh-system.svc.cluster.local:${META_PORT}.`,
    good: `data:
  metaAddr: iomesh-meta-client.iomesh-system.svc.cluster.local:${META_PORT}`,
    remedy:
      'The service is the name of the IOMeshCluster with `-meta-client`; then come its namespace, `svc`, the cluster domain and the port. Set `clusterDomain` in the configuration where the Kubernetes cluster uses another domain than `cluster.local`.',
    basis:
      'guide: the form of the address. The trailing full stop that its table shows is a slip: the samples beside it have none.',
  },

  check(subject, world, report) {
    if (!isConnection(world, subject)) return;
    const { value } = readString(world, subject, META_ADDR);
    if (value === undefined || isBlank(value)) return;
    const { clusterDomain } = world.config;
    const reading = readMetaAddr(value, clusterDomain);
    if (reading.faults.length === 0) return;
    const named =
      reading.name === undefined || reading.namespace === undefined
        ? undefined
        : { name: reading.name, namespace: reading.namespace };
    const meant = likelyCluster(world, subject, reading) ?? named;
    const right = meant && metaAddrOf(meant, clusterDomain);
    const form = `<cluster>-meta-client.<namespace>.svc.${clusterDomain}:${META_PORT}`;
    report({
      path: META_ADDR,
      message: `metaAddr of ${displayName(subject.ref)}: ${joined(reading.faults.map((each) => each.text))}`,
      help:
        right === undefined
          ? `set data.metaAddr to "${form}"`
          : `set data.metaAddr to "${right}", the meta service of ${displayName(meant!)}`,
      // The faults and not the value: mending one of two is no new fault.
      evidence: reading.faults.map((each) => each.part),
      ...(right === undefined ? {} : { fix: metaAddrFix(right) }),
    });
  },
};
