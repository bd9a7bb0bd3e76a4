import { X509Certificate, createPrivateKey } from 'node:crypto';
import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import type {
  CertificateEvents,
  CertificateSource,
  ServingCertificate,
} from '../admission/certificate-source.ts';

/** Where the certificate's files are, as a Secret of type kubernetes.io/tls is mounted. */
export interface CertificateFiles {
  readonly folder: string;
  /** A bundle that callers' certificates must come from; undefined: callers need none. */
  readonly clientCa: string | undefined;
}

/**
 * Reads tls.crt and tls.key, and the client CA if there is one. Throws where a file is missing or
 * unreadable, the key is not the certificate's, or the certificate has ended.
 */
export function readCertificate({ folder, clientCa }: CertificateFiles, now: Date): ServingCertificate {
  const cert = readFileSync(join(folder, 'tls.crt'));
  const key = readFileSync(join(folder, 'tls.key'));
  const leaf = new X509Certificate(cert);
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error('tls.key is not the key of tls.crt');
  const notAfter = new Date(leaf.validTo);
  if (notAfter <= now) throw new Error(`tls.crt has ended on ${notAfter.toISOString()}`);
  return {
    context: {
      cert,
      key,
      minVersion: 'TLSv1.2',
      ...(clientCa === undefined ? {} : { ca: readFileSync(clientCa) }),
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
 * Tells when the certificate on disk has changed. It watches the directories, not the files: the
 * kubelet swaps a symbolic link beside them, which a watch on a file never sees. It also polls, for
 * file systems that tell nothing.
 */
export class CertificateWatch {
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
    this.#poll = setInterval(() => this.#look(), pollMs).unref();
    for (const folder of new Set([
      files.folder,
      ...(files.clientCa === undefined ? [] : [join(files.clientCa, '..')]),
    ])) {
      try {
        const watcher = watch(folder, { persistent: false }, () => this.#soon());
        // A watch that dies leaves the poll.
        watcher.on('error', () => watcher.close());
        this.#watchers.push(watcher);
      } catch {
        // No watch on this file system: the poll remains.
      }
    }
  }

  close(): void {
    clearInterval(this.#poll);
    clearTimeout(this.#settle);
    for (const watcher of this.#watchers) watcher.close();
  }

  /** A swap is several events; what matters is how things stand after them. */
  #soon(): void {
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => this.#look(), 50).unref();
  }

  #look(): void {
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
