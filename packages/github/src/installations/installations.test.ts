import { afterEach, describe, expect, test } from '@jest/globals';
import { appOf, type FakeGitHub, startFakeGitHub } from '../testing/fake-github.ts';

let github: FakeGitHub;
afterEach(async () => {
  await github.close();
  expect(github.violations).toEqual([]);
});

describe('the installation of an owner', () => {
  test('is cached for ten minutes, ignoring the case of the owner’s name', async () => {
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

  test('that does not exist is looked up again after one minute', async () => {
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

  test('whose lookup failed is looked up again', async () => {
    github = await startFakeGitHub((_, seen) =>
      seen.length === 0 ? { status: 502, body: '<html>' } : { body: { id: 5 } },
    );
    const app = appOf(github);
    await expect(app.installationOf('acme')).rejects.toMatchObject({ kind: 'transient', status: 502 });
    expect(await app.installationOf('acme')).toBe(5);
  });
});

describe('the slug', () => {
  test('is read once', async () => {
    github = await startFakeGitHub(() => ({ body: { slug: 'dispatcher' } }));
    const app = appOf(github);
    expect(await Promise.all([app.slug(), app.slug()])).toEqual(['dispatcher', 'dispatcher']);
    expect(await app.slug()).toBe('dispatcher');
    expect(github.operations()).toEqual(['GET /app']);
  });

  test('missing from the response is an error that names GITHUB_API_URL', async () => {
    github = await startFakeGitHub(() => ({ body: '<html>a proxy</html>' }));
    await expect(appOf(github).slug()).rejects.toThrow(/GITHUB_API_URL/);
  });
});
