import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { dashboardPolicy, liveRegionStyleHash } from './content-security-policy.ts';

/** Reads what the browser loads of the package, of the version that the dashboard's components use. */
function liveRegionSource(): string {
  const dashboard = createRequire(new URL('../../../../packages/dashboard/package.json', import.meta.url));
  const components = createRequire(dashboard.resolve('@primer/react'));
  const name = '@primer/live-region-element';
  const entry = components.resolve(name);
  const directory = entry.slice(0, entry.lastIndexOf(name) + name.length);
  const { exports } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    exports: { '.': { browser: { import: string } } };
  };
  return readFileSync(join(directory, exports['.'].browser.import), 'utf8');
}

test('the policy allows the style of the live region, as the installed package has it, and no other', () => {
  const styles = [...liveRegionSource().matchAll(/<style>([^<]*)<\/style>/g)].map(([, style = '']) => style);
  expect(styles).toHaveLength(1);
  const hash = `sha256-${createHash('sha256').update(styles.join()).digest('base64')}`;
  expect(liveRegionStyleHash).toBe(hash);
  expect(dashboardPolicy.split('; ')).toContain(`style-src 'self' '${hash}'`);
});
