/** Which requests an apiserver sends to the webhooks of `deploy/kustomize/base`. */
import { kindOf } from '../../src/core/base/model.ts';
import type { AdmissionRequest } from '../../src/admission/review.ts';
import { type Manifest, one, written } from '../deploy/objects.ts';
import { compileCel } from './cel.ts';

interface WebhookRules {
  readonly resources: ReadonlySet<string>;
  readonly conditions: readonly ReturnType<typeof compileCel>[];
  readonly selects: (namespace: string) => boolean;
}

const BASE = [...written()].filter(([name]) => name.startsWith('base/')).flatMap(([, objects]) => objects);
const VALIDATING = rulesOf('ValidatingWebhookConfiguration');
const MUTATING = rulesOf('MutatingWebhookConfiguration');

function rulesOf(kind: string): readonly WebhookRules[] {
  return one(BASE, kind)['webhooks'].map(
    ({ rules, matchConditions = [], namespaceSelector }: Manifest): WebhookRules => ({
      resources: new Set(
        rules.flatMap((rule: Manifest) =>
          rule['apiGroups'].flatMap((group: string) =>
            rule['resources'].flatMap((resource: string) =>
              rule['operations'].map((operation: string) => `${operation} ${pluralOf(group, resource)}`),
            ),
          ),
        ),
      ),
      conditions: matchConditions.map(({ expression }: Manifest) => compileCel(expression)),
      selects: selectorOf(namespaceSelector),
    }),
  );
}

function pluralOf(group: string, resource: string): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** The list of `In` is kept up to date with the namespaces of clusters, so it excludes none that matters here. */
function selectorOf(namespaceSelector: Manifest | undefined): (namespace: string) => boolean {
  const [expression] = namespaceSelector?.['matchExpressions'] ?? [];
  if (expression?.key !== 'kubernetes.io/metadata.name') throw new Error('a selector by name is expected');
  return expression.operator === 'NotIn' ? (namespace) => !expression.values.includes(namespace) : () => true;
}

/** True if the apiserver sends the request to `/validate`. */
export function isValidated(request: AdmissionRequest): boolean {
  return VALIDATING.some((each) => matches(each, request));
}

/** True if the apiserver sends the request to `/mutate`. */
export function isMutated(request: AdmissionRequest): boolean {
  return MUTATING.some((each) => matches(each, request));
}

function matches({ resources, conditions, selects }: WebhookRules, request: AdmissionRequest): boolean {
  const { operation, resource, namespace, username, name, apiVersion, kind } = request;
  if (!resources.has(`${operation} ${resource}`)) return false;
  const selected = kindOf(apiVersion, kind) === 'Namespace' ? name : namespace;
  if (selected !== undefined && !selects(selected)) return false;
  const scope = {
    request: { operation, name, userInfo: { username } },
    object: request.object ?? null,
    oldObject: request.oldObject ?? null,
  };
  return conditions.every((condition) => condition(scope) === true);
}
