/** The StorageClasses that the vendor's chart and guides create, next to several clusters. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { IOMESH_VERSIONS } from '../../../../src/core/base/iomesh-version.ts';
import { mutate } from '../../../../src/core/defaults/mutate.ts';
import { judgeChange } from '../../../../src/core/judge/judge.ts';
import { readWorld, caseText } from '../../../cases/harness.ts';

const DATA = process.env['IOMESH_VENDOR_DATA'];

describe.skipIf(DATA === undefined)(
  "the vendor's StorageClasses (needs IOMESH_VENDOR_DATA: rendered charts and guides)",
  () => {
    const files =
      DATA === undefined
        ? []
        : readdirSync(DATA, { recursive: true, encoding: 'utf8' })
            .filter((name) => /rendered\.yaml$|-sc\.yaml$/.test(name))
            .sort();

    it.each(files)('are admitted next to other clusters: %s', (file) => {
      const text = readFileSync(join(DATA!, file), 'utf8');
      for (const iomeshVersion of IOMESH_VERSIONS) {
        const given = { name: file, config: { iomeshVersion } };
        // The guides name clusters and classes as the example does.
        const world = readWorld(caseText({ ...given, drop: ['StorageClass/iomesh-cluster-1'] }), given);
        const classes = readWorld(text, given).all('StorageClass');
        expect(classes.length).toBeGreaterThan(0);
        for (const after of classes) {
          const { denied, warned } = judgeChange(world, { after: mutate(after, world, 'CREATE').resource });
          const codes = [...denied, ...warned].map(({ code }) => code);
          expect(denied.map(({ message }) => message)).toEqual([]);
          if (after.json['provisioner'] !== 'com.iomesh.csi-driver') expect(codes).toEqual([]);
          if (after.ref.name === 'iomesh-csi-driver')
            expect(codes).toEqual(iomeshVersion === '1.0' ? ['IOM501'] : []);
        }
      }
    });
  },
);
