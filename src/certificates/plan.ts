/**
 * Decides the next step of certificate maintenance from the state of the cluster. Pure: without keys,
 * sockets and clocks. docs/decisions/0004-self-managed-certificates.md explains why it is correct.
 */

/** A CA certificate; times in milliseconds since 1970. */
export interface CertificateAuthority {
  /** The fingerprint. */
  readonly id: string;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A server certificate. */
export interface LeafCertificate {
  readonly id: string;
  /** The {@link CertificateAuthority.id} of its CA. */
  readonly issuer: string;
  readonly names: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
}

/** The content of the Secret. */
export interface CertificateSet<
  A extends CertificateAuthority = CertificateAuthority,
  L extends LeafCertificate = LeafCertificate,
> {
  /** The CA that signs. */
  readonly current: A;
  /** The CA that is already trusted and will sign next. */
  readonly next?: A | undefined;
  readonly leaf: L;
  /** Former CAs, trusted until the last certificate that they signed has expired. */
  readonly previous: readonly { readonly authority: CertificateAuthority; readonly until: number }[];
}

/** The state of the cluster and of this replica. */
export interface CertificateState {
  readonly now: number;
  /** Undefined if there are none, or they are invalid. */
  readonly certificates: CertificateSet | undefined;
  /** The DNS names of the Service. */
  readonly names: readonly string[];
  /** CAs of iomesh-guard in any caBundle, and the CA of the served certificate. */
  readonly trusted: readonly CertificateAuthority[];
  /** How long this replica has seen a CA in every caBundle, in milliseconds; undefined if it is not in all. */
  trustedFor(id: string): number | undefined;
  /** False for a CA that was added to the caBundles moments ago, so that an apiserver may not trust it yet. */
  isSettled(id: string): boolean;
  /** The webhook configurations that do not exist. */
  readonly missing: readonly string[];
  /** False if none exists, so that there are no callers. */
  readonly registered: boolean;
  /** True while none exists because the installation may still be creating them. */
  readonly awaitsRegistration: boolean;
  /** The certificate that this replica serves. */
  readonly serving: LeafCertificate | undefined;
}

export type CertificateStep =
  /** Create a CA and a leaf. Keep trusting the previous CAs for the life of a leaf. */
  | 'create'
  /** Create a leaf of the current CA. */
  | 'renew'
  /** Create the next CA, to be trusted before it signs. */
  | 'prepare'
  /** Make the next CA the current one, with a new leaf. */
  | 'promote'
  /** Keep trusting a CA of the caBundle that an earlier Secret had, until its last possible leaf expires. */
  | 'retain'
  /** Remove a former CA whose leaves have all expired and that no caBundle has. */
  | 'remove';

/** The next step and the present result. */
export interface CertificatePlan {
  /** The change of the Secret that is required before a new plan; undefined if none. */
  readonly step: CertificateStep | undefined;
  /** The {@link CertificateAuthority.id}s for the caBundles. */
  readonly bundle: readonly string[];
  /** True if this replica should serve the leaf of the Secret from now on. */
  readonly adopt: boolean;
  /** Why callers cannot trust the served certificate; undefined if they can. */
  readonly problem: string | undefined;
  /** What an administrator should correct although the served certificate is trusted. */
  readonly warning: string | undefined;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
export const LEAF_LIFE = 90 * DAY;
/** The last third is longer than the life of a leaf, so no leaf outlives its CA. */
export const AUTHORITY_LIFE = 1095 * DAY;
/** The tolerated difference of clocks: certificates are valid from an hour ago, and CAs are kept for an hour longer. */
export const SKEW = HOUR;
/** How long a CA must be trusted before it signs, so that every apiserver has the caBundle. */
export const OVERLAP = 10 * 60_000;
/** How long a CA must be trusted before a serving replica uses a certificate of it. */
export const SETTLE = 10_000;

/** Decides the next step. */
export function planCertificates(state: CertificateState): CertificatePlan {
  const { certificates, now, serving } = state;
  if (certificates === undefined)
    return {
      step: 'create',
      bundle: [],
      adopt: false,
      problem: 'there is no certificate yet',
      warning: undefined,
    };
  const { current, next, leaf, previous } = certificates;
  const kept = previous.filter((each) => !isExpired(each, now)).map(({ authority }) => authority);
  const bundle = [current, ...(next === undefined ? [] : [next]), ...kept].map(({ id }) => id);
  const step = stepFor(state, certificates);
  const trusted = state.trustedFor(leaf.issuer);
  const isNew = serving?.id !== leaf.id;
  const mustReplace = serving === undefined || serving.notAfter <= now;
  // A replica whose clock is ahead may have created it.
  const early = isNew && leaf.notBefore > now ? NOT_YET : undefined;
  const adopt = isNew && early === undefined && (mustReplace || (trusted !== undefined && trusted >= SETTLE));
  return {
    step,
    bundle,
    adopt,
    problem: problemOf(state, adopt ? leaf : serving, early),
    warning: early ?? notFound(state.missing),
  };
}

function stepFor(state: CertificateState, certificates: CertificateSet): CertificateStep | undefined {
  const { current, next, leaf, previous } = certificates;
  const { now, names, trusted } = state;
  // No replica was running for a long time.
  if (now >= (next ?? current).notAfter) return 'create';
  if (next !== undefined && (now >= current.notAfter || (state.trustedFor(next.id) ?? -1) >= OVERLAP))
    return 'promote';
  if (unknownAuthorities(trusted, certificates, now).length > 0) return 'retain';
  const covers = names.every((name) => leaf.names.includes(name));
  if (leaf.issuer !== current.id || !covers || now >= renewalTime(leaf)) return 'renew';
  if (next === undefined && now >= renewalTime(current)) return 'prepare';
  return previous.some((each) => isRemovable(each, trusted, now)) ? 'remove' : undefined;
}

type FormerAuthority = CertificateSet['previous'][number];

/** True if every leaf of a former CA has expired, by the clock of any replica. */
function isExpired({ until }: FormerAuthority, now: number): boolean {
  return now >= until + SKEW;
}

function isRemovable(
  former: FormerAuthority,
  trusted: readonly CertificateAuthority[],
  now: number,
): boolean {
  return isExpired(former, now) && trusted.every(({ id }) => id !== former.authority.id);
}

function unknownAuthorities(
  trusted: readonly CertificateAuthority[],
  { current, next, previous }: CertificateSet,
  now: number,
): readonly CertificateAuthority[] {
  const known = new Set([current.id, next?.id, ...previous.map(({ authority }) => authority.id)]);
  return distinct(trusted).filter(({ id, notAfter }) => !known.has(id) && notAfter > now);
}

function distinct(authorities: readonly CertificateAuthority[]): readonly CertificateAuthority[] {
  return [...new Map(authorities.map((each) => [each.id, each])).values()];
}

/** A former CA, trusted as long as a replica may serve a leaf that it signed until now. */
function formerAuthority(authority: CertificateAuthority, now: number): FormerAuthority {
  return { authority, until: Math.min(authority.notAfter, now + LEAF_LIFE) };
}

/** Two thirds of the validity, as in cert-manager. */
function renewalTime({ notBefore, notAfter }: { notBefore: number; notAfter: number }): number {
  return notBefore + ((notAfter - notBefore) * 2) / 3;
}

const NOT_YET =
  'the certificate in the Secret is not valid yet; the clock of this or another replica is wrong';

function notFound(missing: readonly string[]): string | undefined {
  return missing.length === 0 ? undefined : `${missing.join(' and ')} not found`;
}

function problemOf(
  state: CertificateState,
  served: LeafCertificate | undefined,
  early: string | undefined,
): string | undefined {
  const { registered, missing, now } = state;
  if (state.awaitsRegistration) return notFound(missing);
  if (served === undefined) return early ?? 'there is no certificate yet';
  // No apiserver calls. A rollout that registers the webhooks last would otherwise wait for itself.
  if (!registered) return undefined;
  if (served.notAfter <= now) return 'the served certificate has expired';
  if (!state.names.every((name) => served.names.includes(name)))
    return 'the served certificate does not have the DNS names of the Service';
  if (state.trustedFor(served.issuer) === undefined) return NOT_TRUSTED;
  return state.isSettled(served.issuer) ? undefined : NOT_SETTLED;
}

/** Why callers cannot trust a certificate. */
export const NOT_TRUSTED =
  'the caBundle of the webhook configurations does not contain the CA of the served certificate';
/** Why a replica waits although its CA is in the caBundles. */
export const NOT_SETTLED =
  'the CA of the served certificate was added to the caBundle of the webhook configurations moments ago';

/** The content of the Secret after a step. `issue` creates a CA or a leaf. */
export async function applyStep<A extends CertificateAuthority, L extends LeafCertificate>(
  step: CertificateStep,
  certificates: CertificateSet<A, L> | undefined,
  state: Pick<CertificateState, 'now' | 'names' | 'trusted'>,
  issue: {
    authority(now: number): Promise<A>;
    leaf(authority: A, names: readonly string[], now: number): Promise<L>;
  },
): Promise<CertificateSet<A, L>> {
  const { now, names, trusted } = state;
  if (certificates === undefined || step === 'create') {
    const current = await issue.authority(now);
    // A replica may serve a leaf of any of these, signed until now.
    const known = [
      ...trusted,
      ...(certificates === undefined
        ? []
        : [certificates.current, ...certificates.previous.map((each) => each.authority)]),
    ];
    const previous = distinct(known)
      .filter(({ notAfter }) => notAfter > now)
      .map((each) => formerAuthority(each, now));
    return { current, leaf: await issue.leaf(current, names, now), previous };
  }
  const { current, next, previous } = certificates;
  if (step === 'remove')
    return { ...certificates, previous: previous.filter((each) => !isRemovable(each, trusted, now)) };
  if (step === 'retain') {
    const found = unknownAuthorities(trusted, certificates, now).map((each) => formerAuthority(each, now));
    return { ...certificates, previous: [...previous, ...found] };
  }
  if (step === 'prepare') return { ...certificates, next: await issue.authority(now) };
  if (step === 'promote' && next !== undefined)
    return {
      current: next,
      leaf: await issue.leaf(next, names, now),
      previous: [...previous, formerAuthority(current, now)],
    };
  // A replica with another cluster domain needs the names that it has: otherwise both would renew it in turn.
  const { leaf } = certificates;
  const kept = now >= renewalTime(leaf) || leaf.issuer !== current.id ? [] : leaf.names;
  return { ...certificates, leaf: await issue.leaf(current, [...new Set([...names, ...kept])], now) };
}
