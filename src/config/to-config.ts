import {
  type Config,
  type ConfiguredException,
  type ConfiguredNode,
  DEFAULT_CONFIG,
  type RuleSetting,
  type WaiverSettings,
} from '../core/base/config.ts';
import { IOMESH_VERSIONS } from '../core/base/iomesh-version.ts';
import { asString, isArray, isObject, type Json, own } from '../core/base/json.ts';
import { findRule } from '../core/judge/catalogue.ts';

/** Converts a value without problems (see `configProblems`) to a configuration; a missing key gets its default. */
export function toConfig(value: Json): Config {
  return {
    managementCluster: referenceOf(own(value, 'managementCluster')) ?? DEFAULT_CONFIG.managementCluster,
    managementConnection: referenceOf(own(value, 'managementConnection')),
    iomeshVersion:
      IOMESH_VERSIONS.find((each) => each === own(value, 'iomeshVersion')) ?? DEFAULT_CONFIG.iomeshVersion,
    completedBy: own(value, 'completedBy') === 'webhook' ? 'webhook' : DEFAULT_CONFIG.completedBy,
    clusterDomain: asString(own(value, 'clusterDomain')) ?? DEFAULT_CONFIG.clusterDomain,
    provisioner: asString(own(value, 'provisioner')) ?? DEFAULT_CONFIG.provisioner,
    nodes: nodesOf(own(value, 'nodes')),
    pools: poolsOf(own(value, 'pools')),
    rules: rulesOf(own(value, 'rules')),
    mode: own(value, 'mode') === 'warn' ? 'warn' : DEFAULT_CONFIG.mode,
    warnNamespaces: textsOf(own(value, 'warnNamespaces')),
    waivers: waiverSettings(own(value, 'waivers')),
  };
}

/** Reads `namespace/name`. */
function referenceOf(value: Json | undefined): Config['managementConnection'] {
  const [namespace, name] = (asString(value) ?? '').split('/');
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

function nodesOf(value: Json | undefined): readonly ConfiguredNode[] | undefined {
  if (!isArray(value)) return undefined;
  return value.map((each) => {
    const name = asString(each) ?? asString(own(each, 'name')) ?? '';
    const labels = stringsOf(own(each, 'labels'));
    // The kubelet sets this label on every node.
    return { name, labels: { 'kubernetes.io/hostname': name, ...labels } };
  });
}

function poolsOf(value: Json | undefined): Config['pools'] {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([cluster, labels]) => [
      cluster,
      Object.fromEntries(
        Object.entries(isObject(labels) ? labels : {}).map(([key, values]) => [key, textsOf(values)]),
      ),
    ]),
  );
}

/** The settings by code; the file may also use names. */
function rulesOf(value: Json | undefined): Config['rules'] {
  if (!isObject(value)) return {};
  const settings: Record<string, RuleSetting> = {};
  for (const [name, setting] of Object.entries(value)) {
    const rule = findRule(name);
    // YAML 1.1, as kubectl reads it, makes `off` without quotes false.
    const severity = setting === false ? 'off' : setting;
    if (rule !== undefined && (severity === 'error' || severity === 'warning' || severity === 'off'))
      settings[rule.code] = severity;
  }
  return settings;
}

function waiverSettings(value: Json | undefined): WaiverSettings {
  const { annotations, maxDays, requireUntil } = DEFAULT_CONFIG.waivers;
  const given = own(value, 'annotations');
  const days = own(value, 'maxDays');
  const exceptions = own(value, 'exceptions');
  return {
    annotations: given === 'none' || given === 'all' ? given : annotations,
    maxDays: days === undefined ? maxDays : Number(days),
    requireUntil: own(value, 'requireUntil') === true || requireUntil,
    exceptions: isArray(exceptions) ? exceptions.map(exceptionOf) : [],
  };
}

function exceptionOf(value: Json): ConfiguredException {
  return {
    rule: findRule(asString(own(value, 'rule')) ?? '')?.code ?? '',
    objects: textsOf(own(value, 'objects')),
    reason: (asString(own(value, 'reason')) ?? '').trim(),
    until: asString(own(value, 'until')),
  };
}

/** The texts of a list. */
export function textsOf(value: Json | undefined): readonly string[] {
  return isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function stringsOf(value: Json | undefined): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
