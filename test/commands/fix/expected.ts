/**
 * For every rule with a fix: cases of `test/cases` by name, and the lines that the fix changes there; no
 * other line differs. `unsafe`: it takes `--unsafe-fixes`.
 */
export interface Expected {
  readonly name: string;
  readonly unsafe: boolean;
  /** As a diff shows them: `-` before, `+` after. */
  readonly lines: readonly string[];
}

export const EXPECTED: Readonly<Record<string, readonly Expected[]>> = {
  IOM004: [
    {
      name: 'tags for tag: the missing tag is not reported besides',
      unsafe: true,
      lines: ['-      tags: v5.3.0-rc13-enterprise', '+      tag: v5.3.0-rc13-enterprise'],
    },
    {
      name: 'blockDeviceNamespace directly under chunk',
      unsafe: true,
      lines: ['-    blockDeviceNamespace: iomesh-system', '+      blockDeviceNamespace: iomesh-system'],
    },
    {
      name: 'nodeAffinity directly under meta',
      unsafe: true,
      lines: [
        '-    nodeAffinity:',
        '-      requiredDuringSchedulingIgnoredDuringExecution:',
        '-        nodeSelectorTerms:',
        '-          - matchExpressions:',
        '-              - key: kubernetes.io/hostname',
        '-                operator: In',
        '-                values:',
        '-                  - k8s-worker-3',
        '-                  - k8s-worker-4',
        '-                  - k8s-worker-5',
        '+    podPolicy:',
        '+      affinity:',
        '+        nodeAffinity:',
        '+          requiredDuringSchedulingIgnoredDuringExecution:',
        '+            nodeSelectorTerms:',
        '+              - matchExpressions:',
        '+                  - key: kubernetes.io/hostname',
        '+                    operator: In',
        '+                    values:',
        '+                      - k8s-worker-3',
        '+                      - k8s-worker-4',
        '+                      - k8s-worker-5',
      ],
    },
  ],
  IOM005: [
    {
      name: 'a parameter that is a number: quoting keeps its text',
      unsafe: false,
      lines: ['-  replicaFactor: 2', '+  replicaFactor: "2"'],
    },
    {
      name: 'a plain yes is a boolean',
      unsafe: false,
      lines: ['-  thinProvision: yes', '+  thinProvision: "yes"'],
    },
    {
      name: 'a tag that is a number in disguise',
      unsafe: false,
      lines: ['-      tag: 1e3', '+      tag: "1e3"'],
    },
  ],
  IOM102: [
    {
      name: 'one component without node selection takes that of another',
      unsafe: true,
      lines: [
        '+    podPolicy:',
        '+      affinity:',
        '+        nodeAffinity:',
        '+          requiredDuringSchedulingIgnoredDuringExecution:',
        '+            nodeSelectorTerms:',
        '+              - matchExpressions:',
        '+                  - key: kubernetes.io/hostname',
        '+                    operator: In',
        '+                    values:',
        '+                      - k8s-worker-3',
        '+                      - k8s-worker-4',
        '+                      - k8s-worker-5',
      ],
    },
    {
      name: 'the configured pool is the way out',
      unsafe: true,
      lines: [
        '+    podPolicy:',
        '+      affinity:',
        '+        nodeAffinity:',
        '+          requiredDuringSchedulingIgnoredDuringExecution:',
        '+            nodeSelectorTerms:',
        '+              - matchExpressions:',
        '+                  - key: rack',
        '+                    operator: In',
        '+                    values:',
        '+                      - r1',
        '+                      - r2',
        '+    podPolicy:',
        '+      affinity:',
        '+        nodeAffinity:',
        '+          requiredDuringSchedulingIgnoredDuringExecution:',
        '+            nodeSelectorTerms:',
        '+              - matchExpressions:',
        '+                  - key: rack',
        '+                    operator: In',
        '+                    values:',
        '+                      - r1',
        '+                      - r2',
        '+    podPolicy:',
        '+      affinity:',
        '+        nodeAffinity:',
        '+          requiredDuringSchedulingIgnoredDuringExecution:',
        '+            nodeSelectorTerms:',
        '+              - matchExpressions:',
        '+                  - key: rack',
        '+                    operator: In',
        '+                    values:',
        '+                      - r1',
        '+                      - r2',
        '+      nodeAffinity:',
        '+        requiredDuringSchedulingIgnoredDuringExecution:',
        '+          nodeSelectorTerms:',
        '+            - matchExpressions:',
        '+                - key: rack',
        '+                  operator: In',
        '+                  values:',
        '+                    - r1',
        '+                    - r2',
      ],
    },
    {
      name: 'the pool label is the way out where a node carries it',
      unsafe: true,
      lines: [
        '+    podPolicy:',
        '+      affinity:',
        '+        nodeAffinity:',
        '+          requiredDuringSchedulingIgnoredDuringExecution:',
        '+            nodeSelectorTerms:',
        '+              - matchExpressions:',
        '+                  - key: iomesh-guard.io/pool',
        '+                    operator: In',
        '+                    values:',
        '+                      - iomesh-cluster-1',
        '+    podPolicy:',
        '+      affinity:',
        '+        nodeAffinity:',
        '+          requiredDuringSchedulingIgnoredDuringExecution:',
        '+            nodeSelectorTerms:',
        '+              - matchExpressions:',
        '+                  - key: iomesh-guard.io/pool',
        '+                    operator: In',
        '+                    values:',
        '+                      - iomesh-cluster-1',
        '+    podPolicy:',
        '+      affinity:',
        '+        nodeAffinity:',
        '+          requiredDuringSchedulingIgnoredDuringExecution:',
        '+            nodeSelectorTerms:',
        '+              - matchExpressions:',
        '+                  - key: iomesh-guard.io/pool',
        '+                    operator: In',
        '+                    values:',
        '+                      - iomesh-cluster-1',
        '+      nodeAffinity:',
        '+        requiredDuringSchedulingIgnoredDuringExecution:',
        '+          nodeSelectorTerms:',
        '+            - matchExpressions:',
        '+                - key: iomesh-guard.io/pool',
        '+                  operator: In',
        '+                  values:',
        '+                    - iomesh-cluster-1',
      ],
    },
  ],
  IOM104: [
    {
      name: 'a misspelt operator',
      unsafe: true,
      lines: ['-                  operator: in', '+                  operator: In'],
    },
    {
      name: 'an operator that the apiserver refuses stays an error beside a living term',
      unsafe: true,
      lines: [
        '-            nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4, k8s-worker-5]}]}, {matchExpressions: [{key: zone, operator: Equals, values: [a]}]}]',
        '+            nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4, k8s-worker-5]}]}, {matchExpressions: [{key: zone, operator: In, values: [a]}]}]',
      ],
    },
  ],
  IOM107: [
    {
      name: 'one typo, copied to every component, is one finding an object',
      unsafe: true,
      lines: [
        '-                      - k8s-woker-4',
        '+                      - k8s-worker-4',
        '-                      - k8s-woker-4',
        '+                      - k8s-worker-4',
        '-                      - k8s-woker-4',
        '+                      - k8s-worker-4',
        '-                    - k8s-woker-4',
        '+                    - k8s-worker-4',
      ],
    },
    {
      name: 'a typo in one place brings neither a split nor too few nodes with it',
      unsafe: true,
      lines: [
        '-            nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4, k8s-worker5]}]}]',
        '+            nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-3, k8s-worker-4, k8s-worker-5]}]}]',
      ],
    },
    {
      name: 'a node selector',
      unsafe: true,
      lines: [
        '-    nodeSelector: {kubernetes.io/hostname: k8s-woker-4}',
        '+    nodeSelector: {kubernetes.io/hostname: k8s-worker-4}',
      ],
    },
  ],
  IOM201: [
    {
      name: 'the follower has a clusterId of its own',
      unsafe: true,
      lines: ['-  clusterId: iomesh-cluster-1', '+  clusterId: k8s-cluster'],
    },
    {
      name: 'a difference in letter case is a difference',
      unsafe: true,
      lines: ['-  clusterId: K8s-cluster', '+  clusterId: k8s-cluster'],
    },
    {
      name: 'without a management cluster the majority counts, and each that deviates is named once',
      unsafe: true,
      lines: [
        '-  clusterId: another',
        '+  clusterId: k8s-cluster',
        '-  clusterId: a-third',
        '+  clusterId: k8s-cluster',
      ],
    },
  ],
  IOM202: [
    {
      name: '127.0.0.1:3261: the port is "3261"',
      unsafe: true,
      lines: ['-  iscsiPortal: 127.0.0.1:3261', '+  iscsiPortal: 127.0.0.1:3260'],
    },
    {
      name: '127.0.0.1: the port ":3260" is missing',
      unsafe: true,
      lines: ['-  iscsiPortal: 127.0.0.1', '+  iscsiPortal: 127.0.0.1:3260'],
    },
    {
      name: '10.234.1.5:3260: the host is "10.234.1.5"',
      unsafe: true,
      lines: ['-  iscsiPortal: 10.234.1.5:3260', '+  iscsiPortal: 127.0.0.1:3260'],
    },
  ],
  IOM203: [
    {
      name: 'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100.',
      unsafe: true,
      lines: [
        '-  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100.',
        '+  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100',
      ],
    },
    {
      name: 'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local.:10100',
      unsafe: true,
      lines: [
        '-  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local.:10100',
        '+  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100',
      ],
    },
    {
      name: 'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local',
      unsafe: true,
      lines: [
        '-  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local',
        '+  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100',
      ],
    },
  ],
  IOM204: [
    {
      name: "the management cluster's namespace with the follower's name",
      unsafe: true,
      lines: [
        '-  metaAddr: iomesh-cluster-1-meta-client.iomesh-system.svc.cluster.local:10100',
        '+  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100',
      ],
    },
    {
      name: 'a mistyped name',
      unsafe: true,
      lines: [
        '-  metaAddr: iomesh-clutser-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100',
        '+  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100',
      ],
    },
    {
      name: 'a mistyped name and namespace',
      unsafe: true,
      lines: [
        '-  metaAddr: iomesh-cluste-1-meta-client.iomesh-cluste-1.svc.cluster.local:10100',
        '+  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100',
      ],
    },
  ],
  IOM205: [
    {
      name: 'no clusterId',
      unsafe: false,
      lines: ['+  clusterId: k8s-cluster'],
    },
    {
      name: 'no portal',
      unsafe: false,
      lines: ['+  iscsiPortal: 127.0.0.1:3260'],
    },
    {
      name: 'no address',
      unsafe: false,
      lines: ['+  metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100'],
    },
  ],
  IOM301: [
    {
      name: 'missing on a follower',
      unsafe: false,
      lines: ['+      blockDeviceNamespace: iomesh-system'],
    },
    {
      name: "the follower's own namespace",
      unsafe: true,
      lines: ['-      blockDeviceNamespace: iomesh-cluster-1', '+      blockDeviceNamespace: iomesh-system'],
    },
    {
      name: 'an empty text',
      unsafe: true,
      lines: ['-      blockDeviceNamespace: ""', '+      blockDeviceNamespace: "iomesh-system"'],
    },
  ],
  IOM302: [
    {
      name: 'a misspelt mount type is one finding, though the right one is absent',
      unsafe: true,
      lines: ['-      cacheWithJounral:', '+      cacheWithJournal:'],
    },
    {
      name: 'letter case counts',
      unsafe: true,
      lines: ['-      datastore:', '+      dataStore:'],
    },
  ],
  IOM304: [
    {
      name: '10.234.2.17/24: an address inside the network "10.234.2.0/24"',
      unsafe: true,
      lines: [
        '-    dataCIDR: 10.234.2.17/24',
        '+    dataCIDR: 10.234.2.0/24',
        '-    dataCIDR: 10.234.2.17/24',
        '+    dataCIDR: 10.234.2.0/24',
      ],
    },
    {
      name: '10.234.2.0/255.255.255.0: netmask',
      unsafe: true,
      lines: [
        '-    dataCIDR: 10.234.2.0/255.255.255.0',
        '+    dataCIDR: 10.234.2.0/24',
        '-    dataCIDR: 10.234.2.0/255.255.255.0',
        '+    dataCIDR: 10.234.2.0/24',
      ],
    },
    {
      name: '010.234.2.0/24: leading zero in "010"',
      unsafe: true,
      lines: [
        '-    dataCIDR: 010.234.2.0/24',
        '+    dataCIDR: 10.234.2.0/24',
        '-    dataCIDR: 010.234.2.0/24',
        '+    dataCIDR: 10.234.2.0/24',
      ],
    },
  ],
  IOM305: [
    {
      name: "the guide's lower-case delete",
      unsafe: true,
      lines: ['-    volume: delete', '+    volume: Delete'],
    },
    {
      name: 'both are two findings',
      unsafe: true,
      lines: [
        '-    volume: delete',
        '-    blockdevice: delete',
        '+    volume: Delete',
        '+    blockdevice: Delete',
      ],
    },
  ],
  IOM401: [
    {
      name: 'reports one component with an older tag',
      unsafe: true,
      lines: ['-      tag: v5.2.0-rc13-enterprise', '+      tag: v5.3.0-rc13-enterprise'],
    },
    {
      name: "reports one finding for three tags of another edition, as in the guide's sample",
      unsafe: true,
      lines: [
        '-      tag: v5.3.0-rc13',
        '+      tag: v5.3.0-rc13-community',
        '-      tag: v5.3.0-rc13',
        '+      tag: v5.3.0-rc13-community',
        '-      tag: v5.3.0-rc13',
        '+      tag: v5.3.0-rc13-community',
      ],
    },
    {
      name: 'reports another platform',
      unsafe: true,
      lines: [
        '-      tag: v5.3.0-rc13-enterprise-hygon',
        '+      tag: v5.3.0-rc13-enterprise',
        '-      tag: v5.3.0-rc13-enterprise-hygon',
        '+      tag: v5.3.0-rc13-enterprise',
        '-      tag: v5.3.0-rc13-enterprise-hygon',
        '+      tag: v5.3.0-rc13-enterprise',
      ],
    },
  ],
  IOM402: [
    {
      name: 'reports a community chunk among enterprise components',
      unsafe: true,
      lines: ['-      tag: v5.3.0-rc13-community', '+      tag: v5.3.0-rc13-enterprise'],
    },
    {
      name: 'reports a missing tag',
      unsafe: true,
      lines: ['+      tag: v5.3.0-rc13-enterprise'],
    },
    {
      name: 'checks every cluster if IOM401 is off',
      unsafe: true,
      lines: ['-      tag: v5.3.0-rc13-community', '+      tag: v5.3.0-rc13-enterprise'],
    },
  ],
  IOM404: [
    {
      name: 'reports the image of another component',
      unsafe: true,
      lines: ['-      repository: iomesh/zbs-metad', '+      repository: iomesh/zbs-chunkd'],
    },
    {
      name: 'reports a mirror for all images once for each object',
      unsafe: true,
      lines: [
        '-      repository: registry.site-b.example/iomesh/zbs-metad',
        '+      repository: iomesh/zbs-metad',
        '-      repository: registry.site-b.example/iomesh/zbs-chunkd',
        '+      repository: iomesh/zbs-chunkd',
        '-        repository: registry.site-b.example/iomesh/operator-devicemanager',
        '+        repository: iomesh/operator-devicemanager',
        '-      repository: registry.site-b.example/iomesh/zbs-iscsi-redirectord',
        '+      repository: iomesh/zbs-iscsi-redirectord',
        '-      repository: registry.site-b.example/iomesh/operator-probe',
        '+      repository: iomesh/operator-probe',
        '-      repository: registry.site-b.example/iomesh/operator-toolbox',
        '+      repository: iomesh/operator-toolbox',
        '-    repository: registry.site-b.example/iomesh/zookeeper',
        '+    repository: iomesh/zookeeper',
      ],
    },
    {
      name: 'reports an empty repository',
      unsafe: true,
      lines: ['-      repository: ""', '+      repository: "iomesh/operator-probe"'],
    },
  ],
  IOM405: [
    {
      name: 'reports the wrong letter case',
      unsafe: true,
      lines: ['-      pullPolicy: ifNotPresent', '+      pullPolicy: IfNotPresent'],
    },
    {
      name: 'reports the policy of the device manager',
      unsafe: true,
      lines: ['-        pullPolicy: always', '+        pullPolicy: Always'],
    },
    {
      name: 'reports an unknown policy of a ZookeeperCluster',
      unsafe: true,
      lines: ['-    pullPolicy: OnDemand', '+    pullPolicy: IfNotPresent'],
    },
  ],
  IOM501: [
    {
      name: 'derives a missing connection from the cluster',
      unsafe: false,
      lines: ['+  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap'],
    },
    {
      name: 'derives a missing cluster from the connection',
      unsafe: false,
      lines: ['+  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1'],
    },
    {
      name: 'proposes both references if the class has the name of a cluster',
      unsafe: true,
      lines: [
        '+  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
        '+  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1',
      ],
    },
  ],
  IOM502: [
    {
      name: 'reports a missing namespace of the ConfigMap',
      unsafe: true,
      lines: [
        '-  clusterConnection: iomesh-cluster-1-csi-configmap',
        '+  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
      ],
    },
    {
      name: 'reports a missing namespace of the cluster',
      unsafe: true,
      lines: ['-  iomeshCluster: iomesh-cluster-1', '+  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1'],
    },
    {
      name: 'reports too many slashes',
      unsafe: true,
      lines: [
        '-  clusterConnection: configmaps/iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
        '+  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
      ],
    },
  ],
  IOM503: [
    {
      name: 'reports a reference to iomesh-cluster-1/iomesh-cluster-1-csi-configmp',
      unsafe: true,
      lines: [
        '-  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmp',
        '+  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
      ],
    },
    {
      name: 'reports a reference to iomesh-cluster-2/iomesh-cluster-1-csi-configmap',
      unsafe: true,
      lines: [
        '-  clusterConnection: iomesh-cluster-2/iomesh-cluster-1-csi-configmap',
        '+  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
      ],
    },
    {
      name: 'reports a reference to iomesh-cluster-1/connection',
      unsafe: true,
      lines: [
        '-  clusterConnection: iomesh-cluster-1/connection',
        '+  clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
      ],
    },
  ],
  IOM504: [
    {
      name: 'reports a reference to iomesh-cluster-1/iomesh-clutser-1',
      unsafe: true,
      lines: [
        '-  iomeshCluster: iomesh-cluster-1/iomesh-clutser-1',
        '+  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1',
      ],
    },
    {
      name: 'reports a reference to storage/iomesh-cluster-1',
      unsafe: true,
      lines: [
        '-  iomeshCluster: storage/iomesh-cluster-1',
        '+  iomeshCluster: iomesh-cluster-1/iomesh-cluster-1',
      ],
    },
  ],
  IOM506: [
    {
      name: 'reports ex4',
      unsafe: true,
      lines: ['-  csi.storage.k8s.io/fstype: ex4', '+  csi.storage.k8s.io/fstype: ext4'],
    },
    {
      name: 'reports EXT4',
      unsafe: true,
      lines: ['-  csi.storage.k8s.io/fstype: EXT4', '+  csi.storage.k8s.io/fstype: ext4'],
    },
    {
      name: 'reports btrfs',
      unsafe: true,
      lines: ['-  csi.storage.k8s.io/fstype: btrfs', '+  csi.storage.k8s.io/fstype: ext4'],
    },
  ],
  IOM507: [
    {
      name: 'reports replicaFactor "1"',
      unsafe: true,
      lines: ['-  replicaFactor: "1"', '+  replicaFactor: "2"'],
    },
    {
      name: 'reports replicaFactor "0"',
      unsafe: true,
      lines: ['-  replicaFactor: "0"', '+  replicaFactor: "2"'],
    },
    {
      name: 'reports replicaFactor "5"',
      unsafe: true,
      lines: ['-  replicaFactor: "5"', '+  replicaFactor: "3"'],
    },
  ],
  IOM508: [
    {
      name: 'reports thinProvision "True"',
      unsafe: true,
      lines: ['-  thinProvision: "True"', '+  thinProvision: "true"'],
    },
    {
      name: 'reports thinProvision "FALSE"',
      unsafe: true,
      lines: ['-  thinProvision: "FALSE"', '+  thinProvision: "false"'],
    },
    {
      name: 'reports thinProvision "no"',
      unsafe: true,
      lines: ['-  thinProvision: "no"', '+  thinProvision: "false"'],
    },
  ],
  IOM509: [
    {
      name: 'reports the parameter Retain if the top level is not set',
      unsafe: true,
      lines: ['-  reclaimPolicy: Retain', '+reclaimPolicy: Retain'],
    },
    {
      name: 'reports the parameter Retain if the top level is Delete',
      unsafe: true,
      lines: ['-reclaimPolicy: Delete', '+reclaimPolicy: Retain', '-  reclaimPolicy: retain'],
    },
    {
      name: 'reports the parameter Delete if the top level is Retain',
      unsafe: true,
      lines: ['-reclaimPolicy: Retain', '+reclaimPolicy: Delete', '-  reclaimPolicy: Delete'],
    },
  ],
  IOM510: [
    {
      name: 'reports a misspelt parameter',
      unsafe: true,
      lines: ['-  replicafactor: "2"', '+  replicaFactor: "2"'],
    },
    {
      name: 'reports the parameter thinprovision: "false"',
      unsafe: true,
      lines: ['-  thinprovision: "false"'],
    },
    {
      name: 'proposes the prefix of the file system parameter',
      unsafe: true,
      lines: ['-  fsType: ext4', '+  csi.storage.k8s.io/fstype: ext4'],
    },
  ],
  IOM512: [
    {
      name: 'reports a PVC of class iomesh-clutser-1',
      unsafe: true,
      lines: ['-  storageClassName: iomesh-clutser-1', '+  storageClassName: iomesh-cluster-1'],
    },
  ],
  IOM702: [
    {
      name: 'no anti-affinity beside a node affinity',
      unsafe: false,
      lines: [
        '+      podAntiAffinity:',
        '+        preferredDuringSchedulingIgnoredDuringExecution:',
        '+          - weight: 20',
        '+            podAffinityTerm:',
        '+              labelSelector:',
        '+                matchExpressions:',
        '+                  - key: app',
        '+                    operator: In',
        '+                    values:',
        '+                      - iomesh-cluster-1-zookeeper',
        '+              topologyKey: kubernetes.io/hostname',
      ],
    },
    {
      name: 'the name of another cluster',
      unsafe: true,
      lines: [
        '-                      - iomesh-zookeeper',
        '+                      - iomesh-cluster-1-zookeeper',
      ],
    },
    {
      name: 'the names of two others',
      unsafe: true,
      lines: [
        '-                    values: [a, b]',
        '+                    values: [iomesh-cluster-1-zookeeper]',
      ],
    },
  ],
};
