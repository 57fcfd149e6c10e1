import { expect, test } from '@jest/globals';
import { examples } from './example.ts';
import { fromFragment, isTooLarge, maxLinkedFileBytes, toFragment } from './share-link.ts';

const { example } = examples.agreed;

test('an example survives its link, whatever its files hold', async () => {
  const changed = {
    ...example,
    branch: 'feature/größe+1',
    sourceFile: `# ✓ "quoted" \u{1F680}\n${example.sourceFile}`,
  };
  const fragment = await toFragment(changed);
  expect(fragment).toMatch(/^#example=[\w-]+$/);
  expect(await fromFragment(fragment)).toEqual(changed);
});

test('a link of an earlier version, without a kind of trigger and a policy, is of a completed run', async () => {
  const { source, workflow, event, branch, conclusion, target, sourceFile, targetFile, workflowFile } = example;
  const old = { source, workflow, event, branch, conclusion, target, sourceFile, targetFile, workflowFile };
  expect(await fromFragment(await toFragment(old as typeof example))).toMatchObject({ ...old, trigger: 'run' });
});

test('a link that holds something else gives no example', async () => {
  expect(await fromFragment('#other')).toBeNull();
  expect(await fromFragment('#example=!!')).toBeNull();
  expect(await fromFragment(`#example=${btoa('not deflated')}`)).toBeNull();
  expect(await fromFragment(await toFragment({ ...example, sourceFile: undefined as unknown as string }))).toBeNull();
  expect(await fromFragment(await toFragment({ ...example, trigger: 'cron' as 'run' }))).toBeNull();
});

test('a small link that inflates to a huge file gives no example', async () => {
  expect(await fromFragment(await toFragment({ ...example, sourceFile: 'x'.repeat(5_000_000) }))).toBeNull();
});

test('files over 16 KB get no link', () => {
  expect(isTooLarge(example)).toBe(false);
  expect(isTooLarge({ ...example, targetFile: 'x'.repeat(maxLinkedFileBytes + 1) })).toBe(true);
});
