import { describe, expect, it } from 'vitest';
import { parseTag, tagDifference } from '../../../../src/core/iomesh/images.ts';

describe('an image tag', () => {
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
  ])('%s is version, edition and platform', (tag, version, edition, platform) => {
    expect(parseTag(tag)).toEqual({ version, edition, platform });
  });

  it.each([
    ['v5.3.0-rc13', 'v5.3.0-rc13-community', ['edition']],
    ['v5.3.0-rc13-enterprise', 'v5.3.0-rc13-enterprise-hygon', ['platform']],
    ['v5.1.2-rc14', 'v5.2.0-rc13', ['version']],
    ['v5.2.0-rc13-community', 'v5.3.0-rc13-enterprise-hygon', ['version', 'edition', 'platform']],
    ['v1.0.1', 'v1.0.1', []],
  ])('%s and %s differ in what is told', (a, b, parts) => {
    expect(tagDifference(a, b)).toEqual(parts);
    expect(tagDifference(b, a)).toEqual(parts);
  });

  it('of a hostile length is read in linear time', () => {
    const long = '-community'.repeat(100_000);
    expect(parseTag(long).edition).toBe('community');
  });
});
