/** The Service of the webhook. */
export const SERVICE = { namespace: 'iomesh-guard-system', name: 'iomesh-guard' } as const;

export interface WebhookManifestOptions {
  /** The address of the webhook and of its Service, so that no kube-proxy is needed. */
  readonly clusterIP: string;
  readonly port: number;
  /** The CA bundle in PEM, as base64. */
  readonly caBundle: string;
  /** False for a kubectl that does not know the field. */
  readonly matchConditions: boolean;
}

/** The objects that are sent to the webhook: IOMesh kinds, IOMesh StorageClasses, connection ConfigMaps. */
const MATCH_CONDITIONS = [
  {
    name: 'storage-class-of-iomesh',
    expression: `request.resource.resource != 'storageclasses' || [object, oldObject].exists(o, o != null && o.provisioner == 'com.iomesh.csi-driver')`,
  },
  {
    name: 'connection-config-map',
    expression: `request.resource.resource != 'configmaps' || [object, oldObject].exists(o, o != null && has(o.data) && ['clusterId', 'iscsiPortal', 'metaAddr'].exists(k, k in o.data))`,
  },
];

const KINDS = [
  { apiGroups: ['iomesh.com'], apiVersions: ['v1alpha1'], resources: ['iomeshclusters'] },
  { apiGroups: ['zookeeper.pravega.io'], apiVersions: ['v1beta1'], resources: ['zookeeperclusters'] },
  { apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] },
  { apiGroups: ['storage.k8s.io'], apiVersions: ['v1'], resources: ['storageclasses'] },
];
const SCALE = {
  apiGroups: ['zookeeper.pravega.io'],
  apiVersions: ['v1beta1'],
  resources: ['zookeeperclusters/scale'],
  operations: ['UPDATE'],
};

/** The namespace, the Service and both webhook configurations. */
export function webhookManifests(options: WebhookManifestOptions): object[] {
  const { clusterIP, port, caBundle } = options;
  const webhook = (name: string, path: string) => ({
    name,
    admissionReviewVersions: ['v1'],
    clientConfig: { caBundle, service: { ...SERVICE, path, port } },
    ...(options.matchConditions ? { matchConditions: MATCH_CONDITIONS } : {}),
    matchPolicy: 'Equivalent',
    timeoutSeconds: 5,
  });
  const on = (operations: readonly string[]) => KINDS.map((kind) => ({ ...kind, operations }));
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: SERVICE.namespace } },
    { apiVersion: 'v1', kind: 'Service', metadata: SERVICE, spec: { clusterIP, ports: [{ port }] } },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: SERVICE.name },
      webhooks: [
        {
          ...webhook('mutate.iomesh-guard.io', '/mutate'),
          rules: on(['CREATE', 'UPDATE']),
          failurePolicy: 'Ignore',
          sideEffects: 'None',
          reinvocationPolicy: 'IfNeeded',
        },
      ],
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: SERVICE.name },
      webhooks: [
        {
          ...webhook('validate.iomesh-guard.io', '/validate'),
          rules: [...on(['CREATE', 'UPDATE', 'DELETE']), SCALE],
          failurePolicy: 'Fail',
          sideEffects: 'NoneOnDryRun',
        },
      ],
    },
  ];
}
