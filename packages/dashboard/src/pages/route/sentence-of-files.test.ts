import { expect, test } from '@jest/globals';
import type { Schemas } from '../../api/client.ts';
import { sentenceOfFiles } from './sentence-of-files.ts';

const app = { repository: 'octo-org/app', state: 'valid' } as const;
const edge = (state: 'agreed' | 'requested', renamedTo?: string) =>
  ({
    state,
    target: { repository: 'octo-org/deploy', ...(renamedTo === undefined ? {} : { renamedTo }) },
  }) as Schemas['ConsentEdge'];

test.each([
  [app, edge('agreed'), 'Both sides agree: octo-org/app requests it, and octo-org/deploy accepts it.'],
  [app, edge('requested'), 'Only requested: octo-org/app requests it, and octo-org/deploy does not accept it.'],
  [
    app,
    edge('requested', 'octo-org/release'),
    'Only requested: octo-org/app requests it, and octo-org/deploy does not accept it. octo-org/deploy is octo-org/release now.',
  ],
  [app, null, 'octo-org/app does not request this route any more.'],
  [
    { ...app, state: 'invalid' as const },
    null,
    'The dispatching.yml of octo-org/app is invalid, so it requests nothing.',
  ],
])('what the files say of a route (%#)', (repository, of, sentence) => {
  expect(sentenceOfFiles(repository, of)).toBe(sentence);
});
