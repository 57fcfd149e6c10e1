import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { runCommand } from '../run-command.ts';

const files: Readonly<Record<string, string>> = {
  'run.json': readFileSync(new URL('../../../../docs/examples/run.json', import.meta.url), 'utf8'),
  'app.yml': "outbound: [{ source: { workflow: ci.yml }, targets: [{ repository: 'service-*', workflow: cd.yml }] }]\n",
  'subscribed.yml': 'inbound: [{ source: { repository: app, workflow: ci.yml }, targets: [{ workflow: cd.yml }] }]\n',
  'left.yml': 'inbound: []\n',
};

async function explain(...args: readonly string[]) {
  let [out, err] = ['', ''];
  const code = await runCommand(['explain', '--run', 'run.json', '--source', 'octo-org/app=app.yml', ...args], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    readFile: (path) => Buffer.from(files[path] ?? ''),
  });
  return { code, out, err };
}

describe('explaining a rule whose target is a pattern', () => {
  test('decides each target with an option that matches, and says why one is not started', async () => {
    const { code, out } = await explain(
      '--target',
      'octo-org/service-a=subscribed.yml',
      '--target',
      'octo-org/service-b=left.yml',
      '--target',
      'octo-org/website=subscribed.yml',
      '--target',
      'partner/service-c=subscribed.yml',
      '--json',
    );
    const { decisions } = JSON.parse(out) as {
      decisions: readonly { code: string; pattern: string; target: { repository: string } }[];
    };
    expect(decisions.map(({ code, pattern, target }) => [target.repository, pattern, code])).toEqual([
      ['octo-org/service-a', 'service-*', 'allowed'],
      ['octo-org/service-b', 'service-*', 'inbound-no-match'],
    ]);
    expect(code).toBe(0);
  });

  test('says that a pattern means none of the targets', async () => {
    const { code, out } = await explain('--target', 'octo-org/website=subscribed.yml');
    expect(code).toBe(1);
    expect(out).toContain('outbound[0].targets[0] does not match:');
    expect(out).toContain('pattern-candidate: expected a repository that matches service-* and allows this source');
  });

  test('--candidate without --live is a usage error', async () => {
    const { code, err } = await explain('--candidate', 'octo-org/service-a');
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('--target OWNER/NAME=FILE') });
  });
});
