import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { exampleSeed } from '../state/example-seed.ts';
import { stateFromSeed } from '../state/seed.ts';
import { StateStore } from '../state/state-store.ts';
import { renderPushEvent } from './render-push.ts';

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' });

test('a push lists the newest 2,048 commits, and 3,000 files of a commit', () => {
  const store = new StateStore(stateFromSeed(exampleSeed({ key: key.toString() }), Date.now), Date.now);
  const repository = store.repository('octo-org', 'app');
  if (repository === undefined) throw new Error('The example has no octo-org/app.');
  const before = repository.branches['main'] ?? '';
  for (let count = 0; count < 2_049; count += 1) store.commit(repository, 'long', { 'a.md': String(count) }, 'Write');
  const files = Object.fromEntries(Array.from({ length: 3_001 }, (_, index) => [`f${index}`, '']));
  const after = store.commit(repository, 'long', files, 'Write');
  const { commits } = renderPushEvent('http://localhost', repository, { ref: 'refs/heads/long', before, after }) as {
    readonly commits: { readonly id: string; readonly added: string[] }[];
  };
  expect(commits).toHaveLength(2_048);
  expect(commits.at(-1)).toMatchObject({ id: after });
  expect(commits.at(-1)?.added).toHaveLength(3_000);
});
