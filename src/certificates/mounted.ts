import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  CertificateEvents,
  CertificateSource,
  ServingCertificate,
} from '../admission/certificate-source.ts';
import { errorCode } from '../system-error.ts';
import type { BundledConfiguration } from './bundles.ts';
import { type CertificateFiles, certificateInDirectory } from './directory.ts';
import { authorityOf, type CertificatePem, certificatesIn } from './pem.ts';
import { CaBundleTrust } from './trust.ts';

interface Clocks {
  /** Milliseconds since 1970. */
  readonly clock?: (() => number) | undefined;
  /** Milliseconds of a monotonic clock. */
  readonly monotonic?: (() => number) | undefined;
  readonly pollMs?: number | undefined;
}

/**
 * A mounted certificate whose CAs this replica adds to the caBundles of the webhook configurations. A new certificate
 * is served when these trust its CAs, so that another source of certificates can replace this one under load.
 * See docs/decisions/0004-self-managed-certificates.md.
 */
export class MountedCertificate implements CertificateSource {
  readonly #files: CertificateFiles;
  readonly #directory: CertificateSource;
  readonly #trust: CaBundleTrust;
  readonly #clock: () => number;
  #current: ServingCertificate;
  /** The CA of the served certificate; undefined if it is unknown. */
  #authority: CertificatePem | undefined;
  /** A new certificate whose CA is not trusted yet. */
  #next: ServingCertificate | undefined;
  /** The CAs on disk; undefined if there is no file, because another program sets the caBundles. */
  #authorities: readonly CertificatePem[] | undefined;
  #isRegistered = false;
  #events: CertificateEvents | undefined;

  /** Throws as {@link certificateInDirectory} does, or if the file of the CAs contains none. */
  constructor(files: CertificateFiles, { clock, monotonic, pollMs }: Clocks = {}) {
    this.#files = files;
    this.#clock = clock ?? Date.now;
    this.#trust = new CaBundleTrust(this.#clock, monotonic ?? (() => performance.now()));
    this.#directory = certificateInDirectory(files, pollMs);
    this.#current = this.#directory.current;
    this.#authorities = readAuthorities(files);
    this.#authority = this.#authorityOf(this.#current);
  }

  get current(): ServingCertificate {
    return this.#current;
  }

  /** False if another program sets the caBundles. */
  get setsBundle(): boolean {
    return this.#authorities !== undefined;
  }

  get mutual(): boolean {
    return this.#directory.mutual;
  }

  get problem(): string | undefined {
    if (this.#authorities === undefined || !this.#isRegistered) return undefined;
    return this.#authority === undefined ? NOT_SIGNED : this.#trust.problem(this.#authority.id);
  }

  onChange(events: CertificateEvents): void {
    this.#events = events;
    this.#directory.onChange({
      changed: (next) => {
        this.#next = next;
        this.#read();
        this.#adopt();
      },
      failed: events.failed,
    });
  }

  close(): void {
    this.#directory.close();
  }

  /** The caBundle that the webhook configurations need, in PEM; undefined if another program sets it. */
  review(configurations: readonly BundledConfiguration[]): string | undefined {
    this.#read();
    if (this.#authorities === undefined) return undefined;
    this.#authority ??= this.#authorityOf(this.#current);
    this.#isRegistered = configurations.some(({ object }) => object !== undefined);
    const own = [...this.#authorities, ...(this.#authority === undefined ? [] : [this.#authority])];
    const ids = own.map(({ id }) => id);
    this.#trust.record(configurations, ids);
    this.#adopt();
    const all = [...own, ...this.#trust.others(ids)];
    return [...new Set(all.map(({ cert }) => cert))].join('');
  }

  /** The CAs can change together with the certificate, before it or after it. */
  #read(): void {
    try {
      this.#authorities = readAuthorities(this.#files);
    } catch (error) {
      this.#events?.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #adopt(): void {
    const next = this.#next;
    if (next === undefined) return;
    const authority = this.#authorityOf(next);
    const isTrusted = authority !== undefined && this.#trust.problem(authority.id) === undefined;
    const isRequired = this.#authorities === undefined || this.#current.notAfter.getTime() <= this.#clock();
    if (!isTrusted && !isRequired) return;
    this.#next = undefined;
    this.#current = next;
    this.#authority = authority;
    this.#events?.changed(next);
  }

  #authorityOf({ context }: ServingCertificate): CertificatePem | undefined {
    return authorityOf(String(context.cert), this.#authorities ?? []);
  }
}

const NOT_SIGNED = 'no CA of the caBundle on disk has signed the served certificate';

function readAuthorities({ folder, caBundle }: CertificateFiles): readonly CertificatePem[] | undefined {
  const file = caBundle ?? join(folder, 'ca.crt');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (caBundle === undefined && errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const authorities = certificatesIn(text);
  if (authorities.length === 0) throw new Error(`${file} contains no certificate`);
  return authorities;
}
