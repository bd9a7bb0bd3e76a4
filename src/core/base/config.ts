/** How severe a finding is; `off` silences a rule. */
export type Severity = 'error' | 'warning';
export type RuleSetting = Severity | 'off';

/** A node that is known: from the configuration, the input or a live cluster. */
export interface ConfiguredNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What the rules take from the configuration file; every mode uses the same. */
export interface Config {
  /** The cluster that carries the operator, the CSI driver and the device manager. */
  readonly managementCluster: { readonly namespace: string; readonly name: string };
  /** Which fields, parameters and rules apply. */
  readonly iomeshVersion: '1.0' | '1.2';
  readonly clusterDomain: string;
  /** Undefined: nobody said which nodes there are. */
  readonly nodes: readonly ConfiguredNode[] | undefined;
  /** `namespace/name` of a cluster to the labels of the nodes it belongs on. */
  readonly pools: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Rule code to its configured severity; rules that are not named keep their own. */
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly mode: 'enforce' | 'warn';
}

export const DEFAULT_CONFIG: Config = {
  managementCluster: { namespace: 'iomesh-system', name: 'iomesh' },
  iomeshVersion: '1.0',
  clusterDomain: 'cluster.local',
  nodes: undefined,
  pools: {},
  rules: {},
  mode: 'enforce',
};
