import { expect, test } from '@jest/globals';
import { isOtherBuild } from './page-version.ts';

const running = (version: string, imageDigest: string | null) => ({ version, imageDigest });

test('a page is outdated once the API has another version', () => {
  expect(isOtherBuild('1.2.0', running('1.2.0', null), running('1.2.0', null))).toBe(false);
  expect(isOtherBuild('1.2.0', running('1.2.0', null), running('1.3.0', null))).toBe(true);
  expect(isOtherBuild('1.2.0', running('1.3.0', null), running('1.3.0', null))).toBe(true);
});

test('a page is outdated once the API runs in another image of the same version', () => {
  expect(isOtherBuild('1.2.0', running('1.2.0', 'sha256:a'), running('1.2.0', 'sha256:a'))).toBe(false);
  expect(isOtherBuild('1.2.0', running('1.2.0', 'sha256:a'), running('1.2.0', 'sha256:b'))).toBe(true);
  expect(isOtherBuild('1.2.0', running('1.2.0', 'sha256:a'), running('1.2.0', null))).toBe(false);
});
