import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../src/core/base/config.ts';
import type { World } from '../../src/core/world.ts';
import { readManifests } from '../../src/manifests/read.ts';
import { readValuesFile } from '../../src/manifests/helm/read.ts';
import { releaseOf } from '../../src/manifests/helm/release.ts';
import { KNOWN_KINDS, worldOf } from '../../src/manifests/world.ts';

/** The folder of the vendor's definitions and guides; empty if it is not at hand. */
export const VENDOR = process.env['IOMESH_VENDOR_DATA'] ?? '';
const TODAY = '2026-11-23';

/** The class that the chart makes in every installation. */
const CHART_CLASS = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: iomesh-csi-driver}
provisioner: com.iomesh.csi-driver
parameters: {csi.storage.k8s.io/fstype: ext4, replicaFactor: "2", thinProvision: "true"}
`;

/** The objects of a guide, with those that Helm installs from its values. */
export function worldOfGuide(folder: string, config: Config): World {
  const path = join(VENDOR, 'guides', folder);
  const names = readdirSync(path).filter(
    (name) => !['iomesh-values.yaml', 'iomesh-guard.yaml'].includes(name),
  );
  const files = names.map((name) =>
    readManifests(name, readFileSync(join(path, name)), { kinds: KNOWN_KINDS }),
  );
  const values = readValuesFile('iomesh-values.yaml', readFileSync(join(path, 'iomesh-values.yaml')));
  const more = releaseOf(config.managementCluster, [values], config);
  const chart = readManifests('chart.yaml', CHART_CLASS, { kinds: KNOWN_KINDS });
  const withClass = more.resources?.some(({ kind }) => kind === 'StorageClass') === true ? [] : [chart];
  return worldOf([...files, ...withClass], config, TODAY, 'lint', more);
}
