import type { SecureContextOptions } from 'node:tls';

/** What the server shows its callers. */
export interface ServingCertificate {
  /** Every option of the secure context: setting a new one takes nothing over from the old. */
  readonly context: SecureContextOptions;
  readonly notAfter: Date;
}

/** Changes of a certificate, as a source reports them. */
export interface CertificateEvents {
  readonly changed: (certificate: ServingCertificate) => void;
  readonly failed: (error: Error) => void;
}

/** Where a server's certificate comes from: a directory, or the cluster. */
export interface CertificateSource {
  readonly current: ServingCertificate;
  /** True where callers must show a certificate too. */
  readonly mutual: boolean;
  /** Why callers cannot rely on the certificate yet; undefined where they can. */
  readonly problem: string | undefined;
  /** Begins to tell of changes, to one listener. */
  onChange(events: CertificateEvents): void;
  close(): void;
}
