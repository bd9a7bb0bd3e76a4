import type { ChangeCase, Edit, LintCase } from './harness.ts';

const MANAGEMENT = 'IOMeshCluster/iomesh';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const config = { iomeshVersion: '1.1' } as const;
const policy = (value: string): Edit => [
  'spec:\n  disk',
  `spec:\n  cpuExclusiveOptions: {cpuExclusivePolicy: ${value}}\n  disk`,
];
const KERNEL = policy('kernelCpuIsolation');
const KUBELET = policy('kubeletCpuManager');

export const lint: readonly LintCase[] = [
  {
    name: 'reports another policy than that of the management cluster',
    config,
    edit: { [MANAGEMENT]: [KERNEL], [CLUSTER]: [KUBELET] },
    expect: [
      {
        code: 'IOM407',
        severity: 'error',
        at: 'kubeletCpuManager',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        path: 'spec.cpuExclusiveOptions.cpuExclusivePolicy',
        says: ['"kubeletCpuManager"', 'iomesh-system/iomesh uses "kernelCpuIsolation"'],
        help: ['set spec.cpuExclusiveOptions.cpuExclusivePolicy to "kernelCpuIsolation"'],
        related: ['kernelCpuIsolation'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-  cpuExclusiveOptions: {cpuExclusivePolicy: kubeletCpuManager}
+  cpuExclusiveOptions: {cpuExclusivePolicy: kernelCpuIsolation}`,
  },
  {
    name: 'reports a pool without a policy, which has the default',
    config,
    edit: { [MANAGEMENT]: [KERNEL] },
    expect: [{ code: 'IOM407', says: ['"kubeletCpuManager" (the default)'], fix: 'unsafe' }],
  },
  {
    name: 'accepts the default and a missing policy',
    config: { iomeshVersion: '1.2' },
    edit: { [MANAGEMENT]: [KUBELET] },
    expect: [],
  },
  {
    name: 'accepts the same policy',
    config,
    edit: { [MANAGEMENT]: [KERNEL], [CLUSTER]: [KERNEL] },
    expect: [],
  },
  {
    name: 'does not compare other CPUs',
    config,
    edit: {
      [MANAGEMENT]: [KERNEL],
      [CLUSTER]: [policy('kernelCpuIsolation, exclusiveCpusets: {chunk: 0-3}')],
    },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies a pool with another policy',
    config,
    edit: { [MANAGEMENT]: [KERNEL], [CLUSTER]: [KERNEL] },
    update: { [CLUSTER]: [['kernelCpuIsolation', 'kubeletCpuManager']] },
    denied: [{ code: 'IOM407' }],
  },
  {
    name: 'warns of the pools if the management cluster changes',
    config,
    update: { [MANAGEMENT]: [KERNEL] },
    warned: [{ code: 'IOM407', object: 'iomesh-cluster-1/iomesh-cluster-1' }],
  },
];
