import type { AccessSource } from '../admission/access.ts';
import { WorldUnreadable } from '../admission/world-source.ts';
import { at, type Json, own } from '../core/base/json.ts';
import { type Api, reasonOf } from './api.ts';

const PATH = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

/** Asks the authorizer of an apiserver whether the user of a request may delete its object. */
export function accessReviews(api: Api): AccessSource {
  return {
    async mayDelete({ userInfo, resource, namespace, name }, signal) {
      const [plural, ...group] = resource.split('.');
      const resourceAttributes = {
        verb: 'delete',
        group: group.join('.'),
        resource: plural ?? '',
        name,
        ...(namespace === undefined ? {} : { namespace }),
      };
      const user = Object.fromEntries<Json>(
        (['uid', 'groups', 'extra'] as const).flatMap((key): [string, Json][] => {
          const value = own(userInfo, key);
          return value === undefined ? [] : [[key, value]];
        }),
      );
      const body = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: { ...user, user: own(userInfo, 'username') ?? '', resourceAttributes },
      };
      try {
        const review = await api.request('POST', PATH, { body, signal });
        return at(review, ['status', 'allowed']) === true;
      } catch (error) {
        throw new WorldUnreadable(`the permissions of the user cannot be read: ${reasonOf(error)}`);
      }
    },
  };
}
