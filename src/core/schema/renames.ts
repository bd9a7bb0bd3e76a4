/** Names a field goes by elsewhere: in Helm values, in other objects, in guides. */
export const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  replicacount: ['replicas'],
  replicas: ['replicaCount'],
  storage: ['storageSize'],
  tags: ['tag'],
  version: ['tag'],
  imagepullpolicy: ['pullPolicy'],
  storageclassname: ['storageClass'],
  storageclass: ['storageClassName'],
  podpolicy: ['pod'],
  pod: ['podPolicy'],
  terms: ['nodeSelectorTerms'],
  expressions: ['matchExpressions'],
  labels: ['matchLabels'],
  secretname: ['licenseSecretName'],
};

/** Fields that no object has, and where their subject belongs. By kind, then place, then field. */
export const NOT_HERE: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> =
  {
    IOMeshCluster: {
      spec: {
        zookeeper: 'describe ZooKeeper in an object of its own: a ZookeeperCluster named <cluster>-zookeeper',
        csi: 'the CSI driver is set up once, with the management cluster',
        'csi-driver': 'the CSI driver is set up once, with the management cluster',
        operator: 'the operator is set up once, with the management cluster',
      },
      '': {
        iomesh: 'this is how Helm values are written; in the object itself everything stands under spec',
      },
    },
  };
