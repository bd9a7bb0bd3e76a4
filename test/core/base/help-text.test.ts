/** Help texts that name fields. */
import { describe, expect, it } from 'vitest';
import { fieldList, fieldName, renderHelp, withFields } from '../../../src/core/base/help-text.ts';
import type { Path } from '../../../src/core/base/path.ts';

const MODE: Path = ['spec', 'diskDeploymentMode'];
const CHUNK: Path = ['spec', 'chunk'];
const helmName = (field: Path): string | undefined => (field === CHUNK ? 'iomesh.chunk' : undefined);

describe('renderHelp', () => {
  it('prints a plain text as it is', () => {
    expect(renderHelp('remove it', helmName)).toBe('remove it');
  });

  it('prints the path of a field', () => {
    expect(renderHelp(withFields`set ${CHUNK} to ${3}, or remove it`)).toBe(
      'set spec.chunk to 3, or remove it',
    );
  });

  it('prints the name that the user writes if there is one', () => {
    expect(renderHelp(withFields`set ${CHUNK} and ${MODE}`, helmName)).toBe(
      'set iomesh.chunk and spec.diskDeploymentMode',
    );
  });

  it('prints the text of a field that has one', () => {
    const text = withFields`set ${fieldName(MODE, 'diskDeploymentMode')}`;
    expect(renderHelp(text)).toBe('set diskDeploymentMode');
    expect(renderHelp(text, () => 'iomesh.diskDeploymentMode')).toBe('set iomesh.diskDeploymentMode');
  });

  it('prints a text inside another one', () => {
    const inner = withFields`add ${CHUNK}`;
    expect(renderHelp(withFields`${inner}: it is required`, helmName)).toBe(
      'add iomesh.chunk: it is required',
    );
  });

  it.each([
    [[CHUNK], 'spec.chunk'],
    [[CHUNK, MODE], 'spec.chunk and spec.diskDeploymentMode'],
    [[CHUNK, MODE, ['data', 'a.b']], 'spec.chunk, spec.diskDeploymentMode and data["a.b"]'],
  ])('prints a list of fields: %j', (paths, text) => {
    expect(renderHelp(fieldList(paths))).toBe(text);
  });
});
