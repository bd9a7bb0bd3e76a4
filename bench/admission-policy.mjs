/** A ValidatingAdmissionPolicy as a peer of the webhook: the overlap of listed hostnames, a part of IOM101. */
import { clusterName, listedHostnames } from './listed-hostnames.mjs';

/**
 * What a policy cannot do. An expression has one param at a time, and params of a namespaced kind are of one namespace
 * (ParamRef in https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/api/admissionregistration/v1/types.go).
 * They are read from the cache of a watch (CollectParams in
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/generic/policy_dispatcher.go).
 */
export const POLICY_LIMITS =
  'The policy has one rule, on listed hostnames. It sees the object and one param at a time, here a ConfigMap (1 MiB at most) of the claimed hostnames, which something else has to keep; so two conflicting creations at the same moment can both be allowed. No expression can compare two clusters and the labels of Nodes together, list claims and volumes, or fill in defaults';

const NAME = 'hostname-overlap';
const MESSAGE = 'a node is claimed by another IOMeshCluster';
const REQUIRED =
  '?podPolicy.?affinity.?nodeAffinity.?requiredDuringSchedulingIgnoredDuringExecution.?nodeSelectorTerms';

/**
 * The policy and its param in a namespace, and the binding that puts it in force. The param has one text of lines
 * `hostname=cluster`, to be searched: the apiserver converts the param for each evaluation (wrappedParam in
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating/dispatcher.go).
 * For a map of 3 000 hostnames that takes 4 ms of processor time, for one in a custom resource 28 ms.
 */
export function hostnamePolicy(namespace, clusters) {
  const claims = clusters
    .flatMap((each) => listedHostnames(each).map((hostname) => `${hostname}=${clusterName(each)}\n`))
    .join('');
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const metadata = { name: NAME };
  return {
    objects: [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: NAME, namespace },
        data: { claims: `\n${claims}` },
      },
      {
        apiVersion,
        kind: 'ValidatingAdmissionPolicy',
        metadata,
        spec: {
          failurePolicy: 'Fail',
          paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
          matchConstraints: {
            resourceRules: [
              {
                apiGroups: ['iomesh.com'],
                apiVersions: ['v1alpha1'],
                operations: ['CREATE', 'UPDATE'],
                resources: ['iomeshclusters'],
              },
            ],
          },
          variables: [
            { name: 'cluster', expression: "object.metadata.namespace + '/' + object.metadata.name" },
            {
              name: 'selections',
              expression: `['meta', 'chunk', 'redirector'].map(component, object.spec[?component].${REQUIRED}.orValue([]))`,
            },
          ],
          validations: [
            {
              expression:
                'variables.selections.all(terms, terms.all(term, term.?matchExpressions.orValue([]).all(each, ' +
                "each.key != 'kubernetes.io/hostname' || each.operator != 'In' || each.values.all(hostname, " +
                "!params.data.claims.contains('\\n' + hostname + '=') || " +
                "params.data.claims.contains('\\n' + hostname + '=' + variables.cluster + '\\n')))))",
              message: MESSAGE,
            },
          ],
        },
      },
    ],
    binding: {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: {
        policyName: NAME,
        paramRef: { name: NAME, namespace, parameterNotFoundAction: 'Deny' },
        validationActions: ['Deny'],
      },
    },
  };
}

/** True if an answer says that the expression was false, which an error in it is not. */
export const deniedByPolicy = (answer) =>
  answer.includes(`ValidatingAdmissionPolicy '${NAME}' with binding '${NAME}' denied request: ${MESSAGE}`);
