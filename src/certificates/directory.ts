import { X509Certificate, createPrivateKey } from 'node:crypto';
import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import type {
  CertificateEvents,
  CertificateSource,
  ServingCertificate,
} from '../admission/certificate-source.ts';

/** The files of a certificate, as in a mounted Secret of type kubernetes.io/tls. */
export interface CertificateFiles {
  readonly folder: string;
  /** The CA bundle for client certificates; undefined if callers need none. */
  readonly clientCa: string | undefined;
  /** The CAs that signed the certificate; default: `ca.crt` in the directory, if it exists. */
  readonly caBundle?: string | undefined;
}

/**
 * Reads tls.crt and tls.key, and the client CA if there is one. Throws if a file cannot be read, the key
 * does not match the certificate, or the certificate has expired.
 */
export function readCertificate({ folder, clientCa }: CertificateFiles, now: Date): ServingCertificate {
  const cert = readFileSync(join(folder, 'tls.crt'));
  const key = readFileSync(join(folder, 'tls.key'));
  const leaf = new X509Certificate(cert);
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error('tls.key does not match tls.crt');
  const notAfter = new Date(leaf.validTo);
  if (notAfter <= now) throw new Error(`tls.crt expired at ${notAfter.toISOString()}`);
  return {
    context: {
      cert,
      key,
      ca: clientCa === undefined ? undefined : readFileSync(clientCa),
    },
    notAfter,
  };
}

/** The certificate in a directory. Throws as {@link readCertificate} does. */
export function certificateInDirectory(files: CertificateFiles, pollMs?: number): CertificateSource {
  let current = readCertificate(files, new Date());
  let watcher: CertificateWatch | undefined;
  return {
    get current() {
      return current;
    },
    mutual: files.clientCa !== undefined,
    problem: undefined,
    onChange({ changed, failed }) {
      const take = (next: ServingCertificate) => {
        current = next;
        changed(next);
      };
      watcher = new CertificateWatch(files, current, { changed: take, failed }, pollMs);
    },
    close: () => watcher?.close(),
  };
}

/**
 * Reports changes of the certificate on disk. Watches the directories, not the files: the kubelet replaces
 * a symbolic link next to them, which a watch on a file does not see
 * (https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/volume/util/atomic_writer.go). Polls as well,
 * for file systems without notifications.
 */
class CertificateWatch {
  readonly #files: CertificateFiles;
  readonly #events: CertificateEvents;
  readonly #watchers: FSWatcher[] = [];
  readonly #poll: NodeJS.Timeout;
  #settle: NodeJS.Timeout | undefined;
  #last: string;

  constructor(
    files: CertificateFiles,
    current: ServingCertificate,
    events: CertificateEvents,
    pollMs = 10_000,
  ) {
    this.#files = files;
    this.#events = events;
    this.#last = fingerprint(current);
    this.#poll = setInterval(() => this.#read(), pollMs).unref();
    for (const folder of new Set([
      files.folder,
      ...(files.clientCa === undefined ? [] : [join(files.clientCa, '..')]),
    ])) {
      try {
        const watcher = watch(folder, { persistent: false }, () => this.#soon());
        // The poll continues without the watch.
        watcher.on('error', () => watcher.close());
        this.#watchers.push(watcher);
      } catch {
        // No watches on this file system: the poll is sufficient.
      }
    }
  }

  close(): void {
    clearInterval(this.#poll);
    clearTimeout(this.#settle);
    for (const watcher of this.#watchers) watcher.close();
  }

  /** A replacement gives several events; one read after the last is enough. */
  #soon(): void {
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => this.#read(), 50).unref();
  }

  #read(): void {
    try {
      const certificate = readCertificate(this.#files, new Date());
      const seen = fingerprint(certificate);
      if (seen === this.#last) return;
      this.#last = seen;
      this.#events.changed(certificate);
    } catch (error) {
      this.#events.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

function fingerprint({ context }: ServingCertificate): string {
  return [context.cert, context.key, context.ca].map((each) => String(each ?? '')).join('\0');
}
