import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCidr } from '../../../../src/core/iomesh/cidr.ts';
import { runsOf } from '../../../support/runs.ts';

describe('readCidr', () => {
  it.each([
    ['10.234.1.0/24', '10.234.1.0/24', false],
    ['10.234.1.5/24', '10.234.1.0/24', true],
    ['10.234.1.1/32', '10.234.1.1/32', false],
    ['0.0.0.0/0', '0.0.0.0/0', false],
    ['fd00:0:0:1::/64', 'fd00:0:0:1::/64', false],
    ['FD00:0000::1/64', 'fd00::/64', true],
    ['::ffff:10.0.0.0/104', '::ffff:a00:0/104', false],
  ])('reads %s as %s', (text, network, hostBits) => {
    expect(readCidr(text)).toEqual({ ok: true, cidr: { network, hostBits } });
  });

  it.each([
    ['', 'empty', undefined],
    ['10.234.1.0', 'has no prefix length', undefined],
    ['10.234.1.0/', 'has no prefix length', undefined],
    ['10.234.1.0/33', 'at most 32', undefined],
    ['fd00::/129', 'at most 128', undefined],
    ['10.234.1.0/255.255.255.0', 'netmask', '10.234.1.0/24'],
    ['10.234.1.0/255.0.255.0', 'netmask', undefined],
    ['010.234.1.0/24', 'leading zero in "010"', '10.234.1.0/24'],
    ['10.234.1.0/08', 'leading zero in the prefix', '10.0.0.0/8'],
    ['::ffff:010.0.0.0/104', 'not an IPv6 network', undefined],
    [' 10.234.1.0/24', 'white space', '10.234.1.0/24'],
    ['10.234.1.0 / 24\n', 'white space', '10.234.1.0/24'],
    ['10.234.1.0/24,10.234.2.0/24', 'list', undefined],
    ['10.234.1.0/24/24', 'more than one "/"', undefined],
    ['10.234.1.0/-1', 'has "-1"', undefined],
    ['10.234.1.0/24x', 'has "24x"', undefined],
    ['10.234.1.1-10.234.1.9', 'range', undefined],
    ['10.234.1/24', 'not an IP network', undefined],
    ['10.234.1.256/24', 'has "256"', undefined],
    ['10.234.1.99999999999/24', 'has "99999999999"', undefined],
    ['0x0a.0.0.0/8', 'not an IP network', undefined],
    ['fe80::1%eth0/64', 'zone', undefined],
    ['1::2::3/64', 'not an IPv6 network', undefined],
    ['<your-data-cidr-here>', 'not an IP network', undefined],
    ['1'.repeat(100_000), 'characters long', undefined],
  ])('refuses %s', (text, problem, suggestion) => {
    const reading = readCidr(text);
    expect(reading).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
    expect(reading.ok ? undefined : reading.suggestion).toBe(suggestion);
  });

  it('takes any IPv4 network, names it as itself, and names what a host in it is in', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 }), (bits, prefix) => {
        const mask = prefix === 0 ? 0 : (-1 << (32 - prefix)) >>> 0;
        const text = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
        const network = `${text((bits & mask) >>> 0)}/${prefix}`;
        expect(readCidr(network)).toEqual({ ok: true, cidr: { network, hostBits: false } });
        const hostBits = (bits & mask) >>> 0 !== bits >>> 0;
        expect(readCidr(`${text(bits)}/${prefix}`)).toEqual({ ok: true, cidr: { network, hostBits } });
      }),
    );
  });

  it('never throws, and suggests only what it takes', () => {
    const piece = fc.constantFrom(
      '10',
      '010',
      '.',
      '/',
      ':',
      '::',
      '24',
      '255',
      'fd00',
      '%',
      ' ',
      ',',
      '-',
      'x',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((list) => list.join('')),
        ),
        (text) => {
          const reading = readCidr(text);
          if (!reading.ok && reading.suggestion !== undefined)
            expect(readCidr(reading.suggestion)).toMatchObject({ ok: true, cidr: { hostBits: false } });
        },
      ),
      { numRuns: runsOf(2000) },
    );
  });
});
