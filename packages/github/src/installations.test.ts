import { afterEach, describe, expect, test } from '@jest/globals';
import { appOf, type FakeGitHub, startFakeGitHub } from './testing/fake-github.ts';

let github: FakeGitHub;
afterEach(async () => {
  await github.close();
  expect(github.violations).toEqual([]);
});

describe('the installation on an owner', () => {
  test('is kept for ten minutes, whatever the case of the owner’s name', async () => {
    github = await startFakeGitHub((_, seen) => ({ body: { id: 100 + seen.length } }));
    let now = 1_800_000_000_000;
    const app = appOf(github, { now: () => now });
    expect(await Promise.all([app.installationOf('Acme'), app.installationOf('acme')])).toEqual([100, 100]);
    now += 599_000;
    expect(await app.installationOf('ACME')).toBe(100);
    now += 2000;
    expect(await app.installationOf('acme')).toBe(101);
    expect(github.operations()).toEqual(Array(2).fill('GET /users/acme/installation'));
  });

  test('that does not exist is looked for again after a minute', async () => {
    github = await startFakeGitHub((_, seen) =>
      seen.length === 0 ? { status: 404, body: { message: 'Not Found' } } : { body: { id: 5 } },
    );
    let now = 1_800_000_000_000;
    const app = appOf(github, { now: () => now });
    expect(await app.installationOf('acme')).toBeNull();
    now += 59_000;
    expect(await app.installationOf('acme')).toBeNull();
    now += 2000;
    expect(await app.installationOf('acme')).toBe(5);
  });

  test('that GitHub could not tell is asked for again', async () => {
    github = await startFakeGitHub((_, seen) =>
      seen.length === 0 ? { status: 502, body: '<html>' } : { body: { id: 5 } },
    );
    const app = appOf(github);
    await expect(app.installationOf('acme')).rejects.toMatchObject({ kind: 'transient', status: 502 });
    expect(await app.installationOf('acme')).toBe(5);
  });
});

describe('the slug', () => {
  test('is asked for once', async () => {
    github = await startFakeGitHub(() => ({ body: { slug: 'dispatcher' } }));
    const app = appOf(github);
    expect(await Promise.all([app.slug(), app.slug()])).toEqual(['dispatcher', 'dispatcher']);
    expect(await app.slug()).toBe('dispatcher');
    expect(github.operations()).toEqual(['GET /app']);
  });

  test('that is not in the answer is an error that names the setting', async () => {
    github = await startFakeGitHub(() => ({ body: '<html>a proxy</html>' }));
    await expect(appOf(github).slug()).rejects.toThrow(/GITHUB_API_URL/);
  });
});
