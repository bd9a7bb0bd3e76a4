/** The text that kubectl prints: complete, within the limits of the apiserver. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { denialMessage, warningTexts } from '../../src/admission/response.ts';

function finding(more: Partial<Finding> = {}): Finding {
  return {
    code: 'IOM203',
    name: 'meta-addr',
    severity: 'error',
    message: 'metaAddr ends with a full stop',
    label: '',
    path: ['data', 'metaAddr'],
    object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'pool', name: 'connection' },
    related: [],
    docs: 'docs/rules/IOM203.md',
    identity: 'x',
    evidence: [],
    objects: [],
    ...more,
  };
}

describe('a denial', () => {
  it('has rule, message, place and help', () => {
    const text = denialMessage([finding({ help: 'write pool-meta-client.pool.svc.cluster.local:10100' })]);
    expect(text).toBe(
      'IOM203 meta-addr: metaAddr ends with a full stop [ConfigMap pool/connection, data.metaAddr] help: write pool-meta-client.pool.svc.cluster.local:10100',
    );
  });

  it('has one line per finding', () => {
    const text = denialMessage([finding(), finding({ code: 'IOM202' }), finding({ code: 'IOM201' })]);
    expect(text.split('\n')).toHaveLength(4);
    expect(text).toMatch(/^3 findings\n- IOM203 /);
  });

  it('escapes line breaks and terminal sequences', () => {
    const text = denialMessage([finding({ message: 'a\nError from server: all is well\u001b[2J\u202e' })]);
    expect(text.split('\n')).toHaveLength(1);
    expect(text).toContain('a\\nError');
    for (const hidden of ['\u001b', '\u202e']) expect(text).not.toContain(hidden);
  });

  it('counts the findings that it leaves out', () => {
    const text = denialMessage(Array.from({ length: 500 }, () => finding()));
    expect(text.length).toBeLessThan(20_000);
    expect(text).toMatch(/and 450 more$/);
  });
});

describe('warnings', () => {
  it('are one line each, and of at most 256 bytes if they do not all fit', () => {
    const long = finding({ message: `${'ü'.repeat(400)}\nb`, help: 'h'.repeat(400) });
    const many = Array.from({ length: 9 }, (_, index) =>
      finding({ message: `${index} ${'üüü '.repeat(60)}` }),
    );
    expect(warningTexts([long])[0]).toMatch(/^IOM203 meta-addr: .*ü\\nb \(data\.metaAddr\); h{400}$/);
    const texts = warningTexts([...many, long, finding({ help: 'h'.repeat(400) }), finding()]);
    expect(texts).toHaveLength(12);
    expect(texts.filter((each) => each.includes('…')).length).toBeGreaterThan(6);
    for (const text of texts) expect(text).toMatch(/^IOM203 meta-addr: [^\r\n]*$/);
    for (const text of texts.filter((each) => each.includes('…')))
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(256);
  });

  it('have at most 4096 bytes together, and the last counts the rest', () => {
    const texts = warningTexts(
      Array.from({ length: 100 }, (_, index) => finding({ message: `${index} ${'m'.repeat(150)}` })),
    );
    expect(Buffer.byteLength(texts.join(''))).toBeLessThanOrEqual(4096);
    expect(texts.at(-1)).toBe(`and ${100 - (texts.length - 1)} more findings`);
  });
});
