import type { Manifest } from '../../deploy/objects.ts';

/** A CRD of another project that accepts any object. */
export function anything(apiVersion: string, kind: string): Manifest {
  const [group, version] = apiVersion.split('/') as [string, string];
  const singular = kind.toLowerCase();
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${group}` },
    spec: {
      group,
      names: { kind, singular, plural: `${singular}s` },
      scope: 'Namespaced',
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
