import type { Rule } from '../../rule.ts';
import { blockDeviceNamespace } from './block-device-namespace.ts';
import { dataCidr } from './data-cidr.ts';
import { deviceMapMode } from './device-map-mode.ts';
import { deviceMapSelector } from './device-map-selector.ts';
import { reclaimPolicy } from './reclaim-policy.ts';

export const devicesRules: readonly Rule[] = [
  blockDeviceNamespace,
  deviceMapMode,
  deviceMapSelector,
  dataCidr,
  reclaimPolicy,
];
