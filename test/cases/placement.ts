/** Edits of where the components of the example set are placed. */
import type { Component } from '../../src/core/iomesh/cluster.ts';
import type { ConfiguredNode } from '../../src/core/base/config.ts';
import type { Edit } from './harness.ts';
import { oneTerm } from './objects.ts';

export const MANAGEMENT_NODES = ['k8s-worker-0', 'k8s-worker-1', 'k8s-worker-2'];
export const CLUSTER_NODES = ['k8s-worker-3', 'k8s-worker-4', 'k8s-worker-5'];

/** Nodes as a configuration lists them: by name alone. */
export function nodes(...numbers: number[]): ConfiguredNode[] {
  return numbers.map((number) => ({ name: `k8s-worker-${number}`, labels: {} }));
}

/** Nodes with labels of their own beside the hostname. */
export function labelledNodes(labels: Readonly<Record<number, Record<string, string>>>): ConfiguredNode[] {
  return Object.entries(labels).map(([number, own]) => ({ name: `k8s-worker-${number}`, labels: own }));
}

const HEADS: Readonly<Record<Component, string>> = {
  chunk: '            iomesh.com/bd-driverType: HDD\n    podPolicy:\n',
  meta: head('metad'),
  redirector: head('iscsi-redirectord'),
  zookeeper: '  pod:\n',
};

function head(image: string): string {
  return `      repository: iomesh/zbs-${image}\n      tag: v5.3.0-rc13-enterprise\n      pullPolicy: IfNotPresent\n    podPolicy:\n`;
}

/** Replaces the list of terms of one component of the example set, `to` being YAML in flow style. */
export function terms(component: Component, from: readonly string[], to: string): Edit {
  return [
    HEADS[component] + required(component, block(component, from)),
    HEADS[component] + required(component, ` ${to}\n`),
  ];
}

/** Pins one component to other nodes. */
export function pin(component: Component, from: readonly string[], to: readonly string[]): Edit {
  return terms(component, from, oneTerm(to));
}

/** Replaces the node affinity of one component by a line of its pod policy, or by nothing. */
export function policy(component: Component, from: readonly string[], line?: string): Edit {
  const before = HEADS[component] + required(component, block(component, from));
  if (component !== 'zookeeper')
    return [
      before,
      line === undefined
        ? HEADS[component].replace('    podPolicy:\n', '')
        : `${HEADS[component]}      ${line}\n`,
    ];
  const own = line === undefined ? '' : `    ${line}\n`;
  return [
    `${before}      podAntiAffinity:\n`,
    `${HEADS.zookeeper}${own}    affinity:\n      podAntiAffinity:\n`,
  ];
}

function required(component: Component, list: string): string {
  const lines = [
    '      affinity:',
    '        nodeAffinity:',
    '          requiredDuringSchedulingIgnoredDuringExecution:',
    '            nodeSelectorTerms:',
  ];
  return indented(component, lines.join('\n')) + list;
}

function block(component: Component, values: readonly string[]): string {
  const lines = [
    '              - matchExpressions:',
    '                  - key: kubernetes.io/hostname',
    '                    operator: In',
    '                    values:',
    ...values.map((value) => `                      - ${value}`),
  ];
  return `\n${indented(component, lines.join('\n'))}\n`;
}

function indented(component: Component, text: string): string {
  return component === 'zookeeper' ? text.replace(/^ {2}/gm, '') : text;
}
