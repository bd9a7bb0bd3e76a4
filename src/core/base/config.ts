import type { IomeshVersion } from './iomesh-version.ts';
import { own } from './json.ts';

/** How severe a finding is. */
export type Severity = 'error' | 'warning';
/** The severity of a rule in the configuration; `off` turns the rule off. */
export type RuleSetting = Severity | 'off';

/** A known node: of the configuration, the input or a live cluster. */
export interface ConfiguredNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A waiver of the configuration. */
export interface ConfiguredException {
  /** The code of the rule. */
  readonly rule: string;
  /** `Kind/namespace/name`, or `Kind/name` if the kind is cluster-scoped; `*` matches any text in its part. */
  readonly objects: readonly string[];
  readonly reason: string;
  /** The last day, `YYYY-MM-DD`; undefined if it does not expire. */
  readonly until: string | undefined;
}

/** Who can waive findings. */
export interface WaiverSettings {
  /**
   * What an annotation waives on an object of the cluster: findings that are about this object alone, none or
   * all. With `none` it waives nothing in files either.
   */
  readonly annotations: 'own' | 'none' | 'all';
  /** The most days until the last day of an annotation; undefined without a limit. */
  readonly maxDays: number | undefined;
  /** Whether an annotation without a last day is invalid. */
  readonly requireUntil: boolean;
  readonly exceptions: readonly ConfiguredException[];
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
  /** The namespaces in which the webhook only warns. */
  readonly warnNamespaces: readonly string[];
  readonly waivers: WaiverSettings;
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
  warnNamespaces: [],
  waivers: { annotations: 'own', maxDays: undefined, requireUntil: false, exceptions: [] },
};

/** True if the configuration turns a rule off. */
export function isRuleOff({ rules }: Pick<Config, 'rules'>, code: string): boolean {
  return own(rules, code) === 'off';
}
