import type { Flag } from './command.ts';

/** The flags of every verb that talks to a live cluster. */
export const clusterFlags = {
  kubeconfig: {
    type: 'string',
    value: 'FILE',
    description:
      "the kubeconfig file; default $KUBECONFIG, then ~/.kube/config, then the pod's own ServiceAccount",
  },
  context: {
    type: 'string',
    value: 'NAME',
    description: 'the context of the kubeconfig, instead of its current one',
  },
} as const satisfies Readonly<Record<string, Flag>>;
