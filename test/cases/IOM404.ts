import { type ChangeCase, exceptionFor, type LintCase } from './harness.ts';

const MANAGEMENT = 'IOMeshCluster/iomesh';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const LONG = `registry.example/${'mirror/'.repeat(12)}iomesh/zbs-chunkd`;

export const lint: LintCase[] = [
  { name: 'accepts the same repositories', expect: [] },
  {
    name: 'reports the image of another component',
    edit: { [CLUSTER]: [['iomesh/zbs-chunkd', 'iomesh/zbs-metad']] },
    expect: [
      {
        code: 'IOM404',
        at: 'iomesh/zbs-metad',
        path: 'spec.chunk.image.repository',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'warning',
        says: [
          'image repository of chunk',
          '"iomesh/zbs-metad"',
          '"iomesh/zbs-chunkd"',
          'iomesh-system/iomesh',
        ],
        help: [
          '"iomesh/zbs-chunkd"',
          'add an exception for IOM404 to the configuration (waivers.exceptions)',
        ],
        related: ['iomesh/zbs-chunkd'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-      repository: iomesh/zbs-metad
+      repository: iomesh/zbs-chunkd`,
  },
  {
    name: 'prints a long repository in full in the help',
    edit: { [MANAGEMENT]: [['repository: iomesh/zbs-chunkd', `repository: ${LONG}`]] },
    expect: [
      { code: 'IOM404', at: 'iomesh/zbs-chunkd', help: [`set spec.chunk.image.repository to "${LONG}"`] },
    ],
  },
  {
    name: 'reports a mirror for all images once for each object',
    edit: {
      [CLUSTER]: [['repository: iomesh/', 'repository: registry.site-b.example/iomesh/', 6]],
      'ZookeeperCluster/iomesh-cluster-1-zookeeper': [
        ['repository: iomesh/', 'repository: registry.site-b.example/iomesh/'],
      ],
    },
    expect: [
      {
        code: 'IOM404',
        path: 'spec.meta.image.repository',
        says: [
          'meta, chunk, redirector, devicemanager, probe and toolbox',
          '"registry.site-b.example/iomesh"',
          '"iomesh"',
        ],
      },
      {
        code: 'IOM404',
        object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper',
        at: 'registry.site-b.example/iomesh/zookeeper',
        related: ['iomesh/zookeeper'],
      },
    ],
    fixed: `
-      repository: registry.site-b.example/iomesh/zbs-metad
+      repository: iomesh/zbs-metad
-      repository: registry.site-b.example/iomesh/zbs-chunkd
+      repository: iomesh/zbs-chunkd
-        repository: registry.site-b.example/iomesh/operator-devicemanager
+        repository: iomesh/operator-devicemanager
-      repository: registry.site-b.example/iomesh/zbs-iscsi-redirectord
+      repository: iomesh/zbs-iscsi-redirectord
-      repository: registry.site-b.example/iomesh/operator-probe
+      repository: iomesh/operator-probe
-      repository: registry.site-b.example/iomesh/operator-toolbox
+      repository: iomesh/operator-toolbox
-    repository: registry.site-b.example/iomesh/zookeeper
+    repository: iomesh/zookeeper`,
  },
  {
    name: 'reports an empty repository',
    edit: { [CLUSTER]: [['iomesh/operator-probe', '""']] },
    expect: [
      {
        code: 'IOM404',
        at: '""',
        path: 'spec.probe.image.repository',
        says: ['image repository of probe is empty'],
        help: ['"iomesh/operator-probe"'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-      repository: ""
+      repository: "iomesh/operator-probe"`,
  },
  {
    name: 'reports an empty repository of the management cluster only there',
    edit: { [MANAGEMENT]: [['iomesh/operator-probe', '" "']] },
    expect: [
      { code: 'IOM404', at: '" "', object: 'iomesh-system/iomesh', help: ['"iomesh/operator-probe"'] },
    ],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'allows to name the registry from which images without a registry come',
    update: { [CLUSTER]: [['iomesh/operator-toolbox', 'docker.io/iomesh/operator-toolbox']] },
  },
  {
    name: 'warns of another registry for one cluster',
    update: { [CLUSTER]: [['iomesh/operator-toolbox', 'registry.site-b.example/iomesh/operator-toolbox']] },
    warned: [{ code: 'IOM404', at: 'registry.site-b.example/iomesh/operator-toolbox' }],
  },
  {
    name: 'warns of the other clusters if the management cluster moves to a mirror',
    update: { [MANAGEMENT]: [['repository: iomesh/', 'repository: registry.example/iomesh/', 6]] },
    warned: [
      {
        code: 'IOM404',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        says: ['come from "iomesh"', 'uses "registry.example/iomesh"'],
      },
    ],
  },
  {
    name: 'warns of the other ZookeeperClusters if that of the management cluster moves',
    update: { 'ZookeeperCluster/iomesh-zookeeper': [['iomesh/zookeeper', 'pravega/zookeeper']] },
    warned: [{ code: 'IOM404', object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper' }],
  },
  {
    name: 'accepts a mirror with an exception of the configuration',
    config: exceptionFor('IOM404', 'IOMeshCluster/iomesh-cluster-1/*'),
    update: { [CLUSTER]: [['repository: iomesh/', 'repository: registry.site-b.example/iomesh/', 6]] },
    waived: 1,
  },
  {
    name: 'ignores an edit of another field',
    update: { [CLUSTER]: [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']] },
  },
];
