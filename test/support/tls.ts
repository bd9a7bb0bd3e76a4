import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** A CA for tests. */
export class TestCa {
  readonly cert: string;
  readonly #key: string;

  private constructor(cert: string, key: string) {
    this.cert = cert;
    this.#key = key;
  }

  static async make(name: string): Promise<TestCa> {
    const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, critical: true },
      ],
    });
    return new TestCa(cert, key);
  }

  async issue(name: string): Promise<Issued> {
    const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      ca: { cert: this.cert, key: this.#key },
      extensions: [
        { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            { type: 7, ip: '127.0.0.1' },
          ],
        },
      ],
    });
    return { cert, key };
  }
}

/**
 * A directory as the kubelet mounts a Secret: the files are links into `..data`, which is a link to a
 * directory that is replaced as a whole:
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/volume/util/atomic_writer.go.
 */
export class MountedSecret {
  readonly folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-secret-'));
  #generation = 0;

  constructor(issued: Issued) {
    this.swap(issued);
    symlinkSync('..data/tls.crt', join(this.folder, 'tls.crt'));
    symlinkSync('..data/tls.key', join(this.folder, 'tls.key'));
  }

  /** Replaces the files as the kubelet does: by renaming a link. */
  swap({ cert, key }: Issued): void {
    this.#generation += 1;
    const data = `..generation_${this.#generation}`;
    mkdirSync(join(this.folder, data));
    writeFileSync(join(this.folder, data, 'tls.crt'), cert);
    writeFileSync(join(this.folder, data, 'tls.key'), key);
    symlinkSync(data, join(this.folder, '..data_tmp'));
    renameSync(join(this.folder, '..data_tmp'), join(this.folder, '..data'));
    rmSync(join(this.folder, `..generation_${this.#generation - 1}`), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
