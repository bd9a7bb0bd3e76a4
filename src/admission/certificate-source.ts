import type { SecureContextOptions } from 'node:tls';

/** The certificate that the server presents. */
export interface ServingCertificate {
  /** All options of the secure context: `setSecureContext` keeps none of the old ones. */
  readonly context: SecureContextOptions;
  readonly notAfter: Date;
}

/** Receives the changes of a certificate. */
export interface CertificateEvents {
  readonly changed: (certificate: ServingCertificate) => void;
  readonly failed: (error: Error) => void;
}

/** Provides the certificate of the server: from a directory, or from the cluster. */
export interface CertificateSource {
  readonly current: ServingCertificate;
  /** True if callers must present a client certificate. */
  readonly mutual: boolean;
  /** Why callers cannot trust the certificate yet; undefined if they can. */
  readonly problem: string | undefined;
  /** Starts to report changes, to one listener. */
  onChange(events: CertificateEvents): void;
  close(): void;
}
