import type { IomeshVersion } from './iomesh-version.ts';

/** How severe a finding is. */
export type Severity = 'error' | 'warning';
/** The severity of a rule in the configuration; `off` turns the rule off. */
export type RuleSetting = Severity | 'off';

/** A known node: of the configuration, the input or a live cluster. */
export interface ConfiguredNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The configuration of the rules, the same for every command. */
export interface Config {
  /** The cluster that carries the operator, the CSI driver and the device manager. */
  readonly managementCluster: { readonly namespace: string; readonly name: string };
  /**
   * The connection ConfigMap of the management cluster; undefined if the objects decide: `managementConnection`
   * in `iomesh/connection.ts`.
   */
  readonly managementConnection: { readonly namespace: string; readonly name: string } | undefined;
  /** Decides which fields, parameters and rules apply. With `auto` the objects decide: `World.iomeshVersion`. */
  readonly iomeshVersion: IomeshVersion | 'auto';
  /** Who adds missing fields before the apiserver validates an object. */
  readonly completedBy: 'none' | 'webhook';
  readonly clusterDomain: string;
  /** The name of the IOMesh CSI driver, which the classes of IOMesh have as provisioner. */
  readonly provisioner: string;
  /** Undefined if the configuration does not list the nodes. */
  readonly nodes: readonly ConfiguredNode[] | undefined;
  /** `namespace/name` of a cluster to the labels of its nodes. */
  readonly pools: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Code of a rule to its configured severity. Other rules have their own. */
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly mode: 'enforce' | 'warn';
}

export const DEFAULT_CONFIG: Config = {
  managementCluster: { namespace: 'iomesh-system', name: 'iomesh' },
  managementConnection: undefined,
  iomeshVersion: 'auto',
  completedBy: 'none',
  clusterDomain: 'cluster.local',
  provisioner: 'com.iomesh.csi-driver',
  nodes: undefined,
  pools: {},
  rules: {},
  mode: 'enforce',
};
