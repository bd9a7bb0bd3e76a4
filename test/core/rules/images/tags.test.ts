import { describe, expect, it } from 'vitest';
import { parseTag, tagDifference } from '../../../../src/core/iomesh/images.ts';

describe('parseTag', () => {
  it.each([
    ['v5.3.0-rc13', 'v5.3.0-rc13', '', ''],
    ['v5.3.0-rc13-community', 'v5.3.0-rc13', 'community', ''],
    ['v5.3.0-rc13-enterprise', 'v5.3.0-rc13', 'enterprise', ''],
    ['v5.3.0-rc13-community-hygon', 'v5.3.0-rc13', 'community', 'hygon'],
    ['v5.3.0-rc13-enterprise-hygon', 'v5.3.0-rc13', 'enterprise', 'hygon'],
    ['v1.0.1', 'v1.0.1', '', ''],
    ['community', 'community', '', ''],
    ['v5-communityx', 'v5-communityx', '', ''],
    ['', '', '', ''],
  ])('splits %s into version, edition and platform', (tag, version, edition, platform) => {
    expect(parseTag(tag)).toEqual({ version, edition, platform });
  });

  it.each([
    ['v5.3.0-rc13', 'v5.3.0-rc13-community', ['edition']],
    ['v5.3.0-rc13-enterprise', 'v5.3.0-rc13-enterprise-hygon', ['platform']],
    ['v5.1.2-rc14', 'v5.2.0-rc13', ['version']],
    ['v5.2.0-rc13-community', 'v5.3.0-rc13-enterprise-hygon', ['version', 'edition', 'platform']],
    ['v1.0.1', 'v1.0.1', []],
  ])('finds the parts in which %s and %s differ', (a, b, parts) => {
    expect(tagDifference(a, b)).toEqual(parts);
    expect(tagDifference(b, a)).toEqual(parts);
  });

  it('reads a very long tag in linear time', () => {
    const long = '-community'.repeat(100_000);
    expect(parseTag(long).edition).toBe('community');
  });
});
