import { timingSafeEqual } from 'node:crypto';
import type { PeerCertificate } from 'node:tls';
import type { WebhookPaths } from '../admission/webhook-paths.ts';

/** A path without a handler. */
const UNKNOWN = '/';

/**
 * The URL of a request without the secret in its path; that of an unknown path if the secret is missing or
 * wrong. The time that it takes does not depend on which characters are wrong.
 */
export function withoutSecret(
  url: string,
  { secrets, fixed }: Pick<WebhookPaths, 'secrets' | 'fixed'>,
): string {
  if (fixed && /^(\/validate|\/mutate)(\?.*)?$/.test(url)) return url;
  const [, webhook, given, query = ''] = /^(\/validate|\/mutate)\/([a-z2-7]{52})(\?.*)?$/.exec(url) ?? [];
  if (webhook === undefined || given === undefined) return UNKNOWN;
  const bytes = Buffer.from(given);
  const equal = secrets.map(
    (each) => each.length === given.length && timingSafeEqual(Buffer.from(each), bytes),
  );
  return equal.includes(true) ? webhook + query : UNKNOWN;
}

/** True if this is the only common name, or a DNS name, of a client certificate. */
export function isNamed({ subject, subjectaltname = '' }: Partial<PeerCertificate>, name: string): boolean {
  // With several common names, CN is a list.
  return subject?.CN === name || subjectaltname.split(', ').includes(`DNS:${name}`);
}
