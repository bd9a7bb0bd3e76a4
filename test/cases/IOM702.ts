import type { ChangeCase, Edit, LintCase } from './harness.ts';
import { foreignZookeeper } from './objects.ts';

const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const OWN = 'iomesh-cluster-1-zookeeper';
const ANTI = `      podAntiAffinity:
        preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 20
            podAffinityTerm:
              labelSelector:
                matchExpressions:
                  - key: app
                    operator: In
                    values:
                      - iomesh-cluster-1-zookeeper
              topologyKey: kubernetes.io/hostname
`;
const VALUES = `                    values:
                      - iomesh-cluster-1-zookeeper
`;
const SELECTOR = ANTI.slice(
  ANTI.indexOf('                matchExpressions'),
  ANTI.indexOf('              topologyKey'),
);
const required = (selector: string, topology = 'kubernetes.io/hostname'): Edit => [
  ANTI,
  `      podAntiAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          - labelSelector: ${selector}
            topologyKey: ${topology}
`,
];

const good = (what: string, edit: Edit): LintCase => ({
  name: `accepts ${what}`,
  edit: { [ZOOKEEPER]: [edit] },
  expect: [],
});

export const lint: readonly LintCase[] = [
  {
    name: 'reports a node affinity without an anti-affinity',
    edit: { [ZOOKEEPER]: [[ANTI, '']] },
    expect: [
      {
        code: 'IOM702',
        at: 'affinity',
        path: 'spec.pod.affinity.podAntiAffinity',
        object: `iomesh-cluster-1/${OWN}`,
        severity: 'warning',
        says: [
          `the affinity of iomesh-cluster-1/${OWN} replaces the operator's default`,
          'no podAntiAffinity that puts its own pods on different nodes',
        ],
        help: [`app In ["${OWN}"]`, 'kubernetes.io/hostname'],
        fix: 'safe',
      },
    ],
    fixed: `
+      podAntiAffinity:
+        preferredDuringSchedulingIgnoredDuringExecution:
+          - weight: 20
+            podAffinityTerm:
+              labelSelector:
+                matchExpressions:
+                  - key: app
+                    operator: In
+                    values:
+                      - iomesh-cluster-1-zookeeper
+              topologyKey: kubernetes.io/hostname`,
  },
  {
    name: 'reports the name of another cluster',
    edit: {
      [ZOOKEEPER]: [[`                      - ${OWN}\n`, '                      - iomesh-zookeeper\n']],
    },
    expect: [
      {
        code: 'IOM702',
        at: 'iomesh-zookeeper',
        says: ['selects the pods of app "iomesh-zookeeper"', `its own pods have app "${OWN}"`],
        help: [`replace "iomesh-zookeeper" with "${OWN}"`],
        related: ['iomesh-zookeeper'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-                      - iomesh-zookeeper
+                      - iomesh-cluster-1-zookeeper`,
  },
  {
    name: 'reports the names of two other clusters',
    edit: { [ZOOKEEPER]: [[VALUES, '                    values: [a, b]\n']] },
    expect: [
      {
        code: 'IOM702',
        at: '[a, b]',
        says: ['pods of other apps'],
        help: [`set values to ["${OWN}"]`],
        related: [],
        fix: 'unsafe',
      },
    ],
    fixed: `
-                    values: [a, b]
+                    values: [iomesh-cluster-1-zookeeper]`,
  },
  {
    name: 'reports another name in matchLabels',
    edit: { [ZOOKEEPER]: [required('{matchLabels: {app: zookeeper}}')] },
    expect: [{ code: 'IOM702', at: 'zookeeper', help: [`replace "zookeeper" with "${OWN}"`], fix: 'unsafe' }],
  },
  {
    name: 'reports a topologyKey of zones',
    edit: {
      [ZOOKEEPER]: [['topologyKey: kubernetes.io/hostname', 'topologyKey: topology.kubernetes.io/zone']],
    },
    expect: [
      {
        code: 'IOM702',
        at: 'topology.kubernetes.io/zone',
        says: ['has topologyKey "topology.kubernetes.io/zone", but needs "kubernetes.io/hostname"'],
        help: ['replace "topology.kubernetes.io/zone" with "kubernetes.io/hostname"'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'reports an anti-affinity that selects other labels',
    edit: { [ZOOKEEPER]: [required('{matchLabels: {release: iomesh}}')] },
    expect: [{ code: 'IOM702', at: 'podAntiAffinity', fix: 'unsafe' }],
  },
  {
    name: 'adds a term after a preferred term of other labels',
    edit: { [ZOOKEEPER]: [[SELECTOR, '                matchLabels: {release: iomesh}\n']] },
    expect: [{ code: 'IOM702', at: 'podAntiAffinity', fix: 'unsafe' }],
  },
  {
    name: 'reports an anti-affinity that selects only other namespaces',
    edit: {
      [ZOOKEEPER]: [
        [
          '              topologyKey: kubernetes.io/hostname\n',
          '              topologyKey: kubernetes.io/hostname\n              namespaces: [iomesh-system]\n',
        ],
      ],
    },
    expect: [{ code: 'IOM702', at: 'podAntiAffinity' }],
  },
  {
    name: 'reports a term without a selector',
    edit: {
      [ZOOKEEPER]: [
        [
          ANTI,
          `      podAntiAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          - topologyKey: kubernetes.io/hostname
`,
        ],
      ],
    },
    expect: [{ code: 'IOM702' }],
  },
  good('a required term', required(`{matchExpressions: [{key: app, operator: In, values: [${OWN}]}]}`)),
  good('a term with matchLabels', required(`{matchLabels: {app: ${OWN}}}`)),
  good(
    'its own name among several',
    required(`{matchExpressions: [{key: app, operator: In, values: [kafka, ${OWN}]}]}`),
  ),
  good('a term for every pod of the namespace', required('{}')),
  good(
    'a term for every pod with the label app',
    required('{matchExpressions: [{key: app, operator: Exists}]}'),
  ),
  good('another weight', ['weight: 20', 'weight: 100']),
  {
    name: 'accepts a missing affinity',
    edit: {
      [ZOOKEEPER]: [
        [ANTI, ''],
        [
          `    affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions:
                  - key: kubernetes.io/hostname
                    operator: In
                    values:
                      - k8s-worker-3
                      - k8s-worker-4
                      - k8s-worker-5
`.replace(/^ {8}/gm, '      '),
          '    nodeSelector: {pool: one}\n',
        ],
      ],
    },
    config: { rules: { IOM103: 'off', IOM105: 'off' } },
    expect: [],
  },
  {
    name: 'leaves a misplaced field to IOM004',
    edit: { [ZOOKEEPER]: [['      podAntiAffinity:', '      podAntiafinity:']] },
    expect: [{ code: 'IOM004', at: 'podAntiafinity' }],
  },
  {
    name: 'ignores a ZookeeperCluster that is not of IOMesh',
    add: foreignZookeeper('kafka/kafka', 'replicas: 3\n  pod:\n    affinity: {}'),
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns if the anti-affinity is removed',
    update: { [ZOOKEEPER]: [[ANTI, '']] },
    warned: [{ code: 'IOM702', severity: 'warning' }],
  },
  {
    name: 'allows a fix',
    edit: {
      [ZOOKEEPER]: [[`                      - ${OWN}\n`, '                      - iomesh-zookeeper\n']],
    },
    update: {
      [ZOOKEEPER]: [['                      - iomesh-zookeeper\n', `                      - ${OWN}\n`]],
    },
  },
];
