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

/** The same for a verb that reads files, and a cluster only where one of these is given. */
export const worldFlags = {
  context: {
    ...clusterFlags.context,
    description:
      'take what the cluster of this kubeconfig context holds as the world, and the files as a change of it',
  },
  kubeconfig: {
    ...clusterFlags.kubeconfig,
    description: 'the same with this kubeconfig file; without --context, its current context',
  },
} as const satisfies Readonly<Record<string, Flag>>;
