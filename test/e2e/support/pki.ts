import { generate } from 'selfsigned';

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface Subject {
  readonly name: string;
  /** The groups of the user. */
  readonly organization?: string;
  readonly dnsNames?: readonly string[];
  readonly addresses?: readonly string[];
}

const EC = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

/** A CA for tests. */
export class Authority {
  readonly cert: string;
  readonly #key: string;

  private constructor({ cert, key }: KeyPair) {
    this.cert = cert;
    this.#key = key;
  }

  static async make(name: string): Promise<Authority> {
    const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
      ...EC,
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
      ],
    });
    return new Authority({ cert, key });
  }

  /** Issues a certificate for servers and clients. */
  async issue({ name, organization, dnsNames = [], addresses = [] }: Subject): Promise<KeyPair> {
    const altNames = [
      ...dnsNames.map((value) => ({ type: 2 as const, value })),
      ...addresses.map((ip) => ({ type: 7 as const, ip })),
    ];
    const { cert, private: key } = await generate(
      [
        { name: 'commonName', value: name },
        ...(organization === undefined ? [] : [{ name: 'organizationName', value: organization }]),
      ],
      {
        ...EC,
        ca: { cert: this.cert, key: this.#key },
        extensions: [
          { name: 'keyUsage', digitalSignature: true, critical: true },
          { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
          ...(altNames.length === 0 ? [] : [{ name: 'subjectAltName' as const, altNames }]),
        ],
      },
    );
    return { cert, key };
  }
}
