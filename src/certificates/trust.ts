import type { BundledConfiguration } from './bundles.ts';
import { type CertificatePem, certificatesIn } from './pem.ts';
import { NOT_SETTLED, NOT_TRUSTED, SETTLE } from './plan.ts';
import { SeenSince } from './since.ts';

/**
 * How long a CA that this replica does not have stays in the caBundles: pods with another source of certificates may
 * still serve a certificate of it. A pod that needs it longer adds it again.
 */
export const KEEP_OTHERS = 24 * 3_600_000;

/** What one replica has seen in the caBundles, and for how long. */
export class CaBundleTrust {
  readonly #inAll = new SeenSince();
  readonly #inAny = new SeenSince();
  /** Milliseconds since 1970. */
  readonly #clock: () => number;
  /** Milliseconds of a monotonic clock. */
  readonly #monotonic: () => number;
  #certificates: readonly CertificatePem[] = [];
  /** CAs that this replica has seen missing while the caBundles had others. */
  readonly #added = new Set<string>();

  constructor(clock: () => number, monotonic: () => number) {
    this.#clock = clock;
    this.#monotonic = monotonic;
  }

  /** Records what the caBundles have now. `needed` are the CAs of the certificate to serve. */
  record(configurations: readonly BundledConfiguration[], needed: readonly string[]): void {
    const now = this.#monotonic();
    const texts = new Set(configurations.flatMap((each) => each.bundles));
    const bundles = [...texts].map(certificatesIn);
    this.#certificates = [...new Map(bundles.flat().map((each) => [each.id, each])).values()];
    const ids = this.#certificates.map(({ id }) => id);
    const inAll = ids.filter((id) => bundles.every((bundle) => bundle.some((each) => each.id === id)));
    const hasValid = this.#certificates.some(({ notAfter }) => notAfter > this.#clock());
    for (const id of hasValid ? needed : []) if (!inAll.includes(id)) this.#added.add(id);
    this.#inAny.record(ids, now);
    this.#inAll.record(inAll, now);
  }

  /** Milliseconds since every caBundle has a CA; undefined if one does not. */
  duration(id: string): number | undefined {
    return this.#inAll.duration(id, this.#monotonic());
  }

  /** True if every apiserver trusts a CA: it was in the caBundles before, or nothing else was, or for ten seconds. */
  isSettled(id: string): boolean {
    const duration = this.duration(id);
    return duration !== undefined && (!this.#added.has(id) || duration >= SETTLE);
  }

  /** Why callers cannot trust a certificate of a CA yet; undefined if they can. */
  problem(id: string): string | undefined {
    if (this.duration(id) === undefined) return NOT_TRUSTED;
    return this.isSettled(id) ? undefined : NOT_SETTLED;
  }

  /** The CAs in any caBundle that are not in `own` and stay there. */
  others(own: readonly string[]): readonly CertificatePem[] {
    return this.#certificates.filter(
      ({ id, notAfter }) =>
        !own.includes(id) &&
        notAfter > this.#clock() &&
        (this.#inAny.duration(id, this.#monotonic()) ?? 0) < KEEP_OTHERS,
    );
  }
}
