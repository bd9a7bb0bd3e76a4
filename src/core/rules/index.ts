/** The catalogue: every rule, in order of its code. */
import type { Rule } from '../rule.ts';
import { clusterRules } from './cluster/index.ts';
import { connectionRules } from './connection/index.ts';
import { devicesRules } from './devices/index.ts';
import { fileRules } from './file/index.ts';
import { imagesRules } from './images/index.ts';
import { lifecycleRules } from './lifecycle/index.ts';
import { ofIomesh } from '../checks/of-iomesh.ts';
import { placementRules } from './placement/index.ts';
import { storageRules } from './storage/index.ts';
import { valuesRules } from './helm/index.ts';
import { waiversRules } from './waivers/index.ts';

export const rules: readonly Rule[] = [
  ...fileRules,
  ...placementRules,
  ...connectionRules,
  ...devicesRules,
  ...imagesRules,
  ...storageRules,
  ...lifecycleRules,
  ...clusterRules,
  ...valuesRules,
  ...waiversRules,
].map(ofIomesh);

const BY_NAME = new Map<string, Rule>();
for (const rule of rules) {
  BY_NAME.set(rule.code.toLowerCase(), rule);
  BY_NAME.set(rule.name, rule);
}

/** The rule of a code or a name, in any case. */
export function findRule(codeOrName: string): Rule | undefined {
  return BY_NAME.get(codeOrName.toLowerCase());
}
