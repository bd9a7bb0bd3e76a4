import type { ChangeCase, Edit, LintCase } from './harness.ts';

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

const good = (name: string, edit: Edit): LintCase => ({ name, edit: { [ZOOKEEPER]: [edit] }, expect: [] });

export const lint: readonly LintCase[] = [
  {
    name: 'no anti-affinity beside a node affinity',
    edit: { [ZOOKEEPER]: [[ANTI, '']] },
    expect: [
      {
        code: 'IOM702',
        at: 'affinity',
        path: 'spec.pod.affinity.podAntiAffinity',
        object: `iomesh-cluster-1/${OWN}`,
        severity: 'warning',
        says: [`nothing keeps the pods of iomesh-cluster-1/${OWN} on different nodes`],
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
    name: 'the name of another cluster',
    edit: {
      [ZOOKEEPER]: [[`                      - ${OWN}\n`, '                      - iomesh-zookeeper\n']],
    },
    expect: [
      {
        code: 'IOM702',
        at: 'iomesh-zookeeper',
        says: ['is about pods of app "iomesh-zookeeper"', `its own have app "${OWN}"`],
        help: [`write "${OWN}" instead of "iomesh-zookeeper"`],
        related: ['iomesh-zookeeper'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-                      - iomesh-zookeeper
+                      - iomesh-cluster-1-zookeeper`,
  },
  {
    name: 'the names of two others',
    edit: { [ZOOKEEPER]: [[VALUES, '                    values: [a, b]\n']] },
    expect: [{ code: 'IOM702', at: '[a, b]', says: ['pods of other apps'], related: [], fix: 'unsafe' }],
    fixed: `
-                    values: [a, b]
+                    values: [iomesh-cluster-1-zookeeper]`,
  },
  {
    name: 'another name among matchLabels',
    edit: { [ZOOKEEPER]: [required('{matchLabels: {app: zookeeper}}')] },
    expect: [
      { code: 'IOM702', at: 'zookeeper', help: [`write "${OWN}" instead of "zookeeper"`], fix: 'unsafe' },
    ],
  },
  {
    name: 'over zones instead of nodes',
    edit: {
      [ZOOKEEPER]: [['topologyKey: kubernetes.io/hostname', 'topologyKey: topology.kubernetes.io/zone']],
    },
    expect: [
      {
        code: 'IOM702',
        at: 'topology.kubernetes.io/zone',
        says: ['kept apart over "topology.kubernetes.io/zone", not over nodes'],
        help: ['write "kubernetes.io/hostname" instead of "topology.kubernetes.io/zone"'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'pods chosen by other labels',
    edit: { [ZOOKEEPER]: [required('{matchLabels: {release: iomesh}}')] },
    expect: [{ code: 'IOM702', at: 'podAntiAffinity', fix: 'unsafe' }],
  },
  {
    name: 'a preferred term by other labels: the fix adds one behind it',
    edit: { [ZOOKEEPER]: [[SELECTOR, '                matchLabels: {release: iomesh}\n']] },
    expect: [{ code: 'IOM702', at: 'podAntiAffinity', fix: 'unsafe' }],
  },
  {
    name: 'pods of other namespaces alone',
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
    name: 'without a selector no pod is meant',
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
  good(
    'required instead of preferred',
    required(`{matchExpressions: [{key: app, operator: In, values: [${OWN}]}]}`),
  ),
  good('matchLabels', required(`{matchLabels: {app: ${OWN}}}`)),
  good(
    'its own among several',
    required(`{matchExpressions: [{key: app, operator: In, values: [kafka, ${OWN}]}]}`),
  ),
  good('every pod of the namespace', required('{}')),
  good('every pod with an app', required('{matchExpressions: [{key: app, operator: Exists}]}')),
  good('another weight', ['weight: 20', 'weight: 100']),
  {
    name: 'without any affinity the operator adds it itself',
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
    name: 'a misplaced one is an unknown field, and no more',
    edit: { [ZOOKEEPER]: [['      podAntiAffinity:', '      podAntiafinity:']] },
    expect: [{ code: 'IOM004', at: 'podAntiafinity' }],
  },
  {
    name: 'a ZookeeperCluster of something else',
    add: `apiVersion: zookeeper.pravega.io/v1beta1
kind: ZookeeperCluster
metadata:
  name: kafka
  namespace: kafka
spec:
  replicas: 3
  pod:
    affinity: {}
`,
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'taking it away is warned of',
    update: { [ZOOKEEPER]: [[ANTI, '']] },
    warned: [{ code: 'IOM702', severity: 'warning' }],
  },
  {
    name: 'mending it is silent',
    edit: {
      [ZOOKEEPER]: [[`                      - ${OWN}\n`, '                      - iomesh-zookeeper\n']],
    },
    update: {
      [ZOOKEEPER]: [['                      - iomesh-zookeeper\n', `                      - ${OWN}\n`]],
    },
  },
];
