/**
 * What to do about the certificates next, given how things stand. Nothing here knows of keys, sockets or
 * the time of day; docs/decisions/0004-self-managed-certificates.md says why it is right.
 */

/** A certificate of an authority, as far as deciding needs it; times in milliseconds since 1970. */
export interface Authority {
  /** Tells one from all others. */
  readonly id: string;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** The certificate that is served. */
export interface Leaf {
  readonly id: string;
  /** The {@link Authority.id} of the authority that signed it. */
  readonly issuer: string;
  readonly names: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
}

/** What the Secret holds. */
export interface Certificates<A extends Authority = Authority, L extends Leaf = Leaf> {
  /** Signs. */
  readonly current: A;
  /** Is trusted, and will sign. */
  readonly next?: A | undefined;
  readonly leaf: L;
  /** Sign no more, and are trusted until the last certificate they signed has ended. */
  readonly previous: readonly { readonly authority: Authority; readonly until: number }[];
}

export interface Situation {
  readonly now: number;
  /** Undefined where there is none, or none that can be used. */
  readonly certificates: Certificates | undefined;
  /** The names that callers use. */
  readonly names: readonly string[];
  /** Authorities of ours that any webhook configuration trusts, or that this replica's leaf is from. */
  readonly trusted: readonly Authority[];
  /** For how long this replica has seen an authority trusted wherever it must be, in milliseconds; undefined: it is not. */
  trustedFor(id: string): number | undefined;
  /** The webhook configurations that are not there. */
  readonly missing: readonly string[];
  /** False where none is there, so that nobody calls. */
  readonly registered: boolean;
  /** What this replica serves. */
  readonly serving: Leaf | undefined;
}

export type Step =
  /** A new authority and leaf; what was trusted stays so for a leaf's life. */
  | 'begin'
  /** A new leaf of the same authority. */
  | 'renew'
  /** An authority that is trusted before it signs. */
  | 'prepare'
  /** The next authority becomes the current one, with a leaf of its own. */
  | 'promote'
  /** An authority that is trusted though the Secret does not know it, because one before it did: it stays so for a leaf's life. */
  | 'remember'
  /** What nobody can serve any more, and no configuration trusts any more, is forgotten. */
  | 'forget';

export interface Plan {
  /** What must be written to the Secret; then plan anew. */
  readonly step: Step | undefined;
  /** The {@link Authority.id}s to be trusted. */
  readonly bundle: readonly string[];
  /** True where this replica should serve the Secret's leaf from now on. */
  readonly adopt: boolean;
  /** Why callers cannot rely on what is served; undefined where they can. */
  readonly problem: string | undefined;
  /** What somebody should see to, though callers can rely on what is served. */
  readonly worry: string | undefined;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
export const LEAF_LIFE = 90 * DAY;
/** The last third is longer than a leaf's life, so no leaf outlives its authority. */
export const AUTHORITY_LIFE = 1095 * DAY;
/** Clocks differ: what is made now is valid an hour ago, and what has ended is kept for an hour. */
export const SKEW = HOUR;
/** How long an authority must be trusted before it signs, so that every apiserver has heard of it. */
export const OVERLAP = 10 * 60_000;
/** The same before one that is already serving takes up a certificate of it. */
export const SETTLE = 10_000;

/** Decides the next step. */
export function plan(situation: Situation): Plan {
  const { certificates, now, serving } = situation;
  if (certificates === undefined)
    return {
      step: 'begin',
      bundle: [],
      adopt: false,
      problem: 'there is no certificate yet',
      worry: undefined,
    };
  const { current, next, leaf, previous } = certificates;
  const kept = previous.filter((each) => !isOver(each, now)).map(({ authority }) => authority);
  const bundle = [current, ...(next === undefined ? [] : [next]), ...kept].map(({ id }) => id);
  const step = stepFor(situation, certificates);
  const trusted = situation.trustedFor(leaf.issuer);
  const isNew = serving?.id !== leaf.id;
  const ends = serving === undefined || serving.notAfter <= now;
  // By a clock that runs ahead it may have been made for a time that is yet to come.
  const early = isNew && leaf.notBefore > now ? NOT_YET : undefined;
  const adopt = isNew && early === undefined && (ends || (trusted !== undefined && trusted >= SETTLE));
  return {
    step,
    bundle,
    adopt,
    problem: problemOf(situation, adopt ? leaf : serving, early),
    worry: early ?? absence(situation.missing),
  };
}

function stepFor(situation: Situation, certificates: Certificates): Step | undefined {
  const { current, next, leaf, previous } = certificates;
  const { now, names, trusted } = situation;
  // Nobody was there for a long time.
  if (now >= (next ?? current).notAfter) return 'begin';
  if (next !== undefined && (now >= current.notAfter || (situation.trustedFor(next.id) ?? -1) >= OVERLAP))
    return 'promote';
  if (unknown(trusted, certificates, now).length > 0) return 'remember';
  const covers = names.every((name) => leaf.names.includes(name));
  if (leaf.issuer !== current.id || !covers || now >= dueAt(leaf)) return 'renew';
  if (next === undefined && now >= dueAt(current)) return 'prepare';
  return previous.some((each) => isGone(each, trusted, now)) ? 'forget' : undefined;
}

type Former = Certificates['previous'][number];

/** True where every leaf it signed has ended, by anybody's clock. */
function isOver({ until }: Former, now: number): boolean {
  return now >= until + SKEW;
}

function isGone(former: Former, trusted: readonly Authority[], now: number): boolean {
  return isOver(former, now) && trusted.every(({ id }) => id !== former.authority.id);
}

function unknown(
  trusted: readonly Authority[],
  { current, next, previous }: Certificates,
  now: number,
): readonly Authority[] {
  const known = new Set([current.id, next?.id, ...previous.map(({ authority }) => authority.id)]);
  return distinct(trusted).filter(({ id, notAfter }) => !known.has(id) && notAfter > now);
}

function distinct(authorities: readonly Authority[]): readonly Authority[] {
  return [...new Map(authorities.map((each) => [each.id, each])).values()];
}

/** Trusted for as long as somebody may serve a leaf of it that was made until now. */
function former(authority: Authority, now: number): Former {
  return { authority, until: Math.min(authority.notAfter, now + LEAF_LIFE) };
}

/** Two thirds of its life. */
export function dueAt({ notBefore, notAfter }: { notBefore: number; notAfter: number }): number {
  return notBefore + ((notAfter - notBefore) * 2) / 3;
}

const NOT_YET =
  'the certificate in the Secret is not valid yet: the clock of a replica was ahead, or that of this one is behind';

function absence(missing: readonly string[]): string | undefined {
  return missing.length === 0
    ? undefined
    : `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not there`;
}

function problemOf(
  situation: Situation,
  served: Leaf | undefined,
  early: string | undefined,
): string | undefined {
  const { registered, missing, now } = situation;
  // Where one of them is there, those that it calls for must be answered.
  if (!registered) return absence(missing);
  if (served === undefined) return early ?? 'there is no certificate yet';
  if (served.notAfter <= now) return 'the served certificate has ended';
  if (!situation.names.every((name) => served.names.includes(name)))
    return 'the served certificate is for other names';
  return situation.trustedFor(served.issuer) === undefined
    ? 'the served certificate is not of an authority that the webhook configurations trust'
    : undefined;
}

/**
 * The Secret's content after a step. `issue` makes an authority or a leaf; the rest is decided here.
 */
export async function advance<A extends Authority, L extends Leaf>(
  step: Step,
  certificates: Certificates<A, L> | undefined,
  situation: Pick<Situation, 'now' | 'names' | 'trusted'>,
  issue: {
    authority(now: number): Promise<A>;
    leaf(authority: A, names: readonly string[], now: number): Promise<L>;
  },
): Promise<Certificates<A, L>> {
  const { now, names, trusted } = situation;
  if (certificates === undefined || step === 'begin') {
    const current = await issue.authority(now);
    // Somebody may serve a leaf of any of these, made at the latest now.
    const known = [
      ...trusted,
      ...(certificates === undefined
        ? []
        : [certificates.current, ...certificates.previous.map((each) => each.authority)]),
    ];
    const previous = distinct(known)
      .filter(({ notAfter }) => notAfter > now)
      .map((each) => former(each, now));
    return { current, leaf: await issue.leaf(current, names, now), previous };
  }
  const { current, next } = certificates;
  const { previous } = certificates;
  if (step === 'forget')
    return { ...certificates, previous: previous.filter((each) => !isGone(each, trusted, now)) };
  if (step === 'remember') {
    const found = unknown(trusted, certificates, now).map((each) => former(each, now));
    return { ...certificates, previous: [...previous, ...found] };
  }
  if (step === 'prepare') return { ...certificates, next: await issue.authority(now) };
  if (step === 'promote' && next !== undefined)
    return {
      current: next,
      leaf: await issue.leaf(next, names, now),
      previous: [...previous, former(current, now)],
    };
  return { ...certificates, leaf: await issue.leaf(current, names, now) };
}
