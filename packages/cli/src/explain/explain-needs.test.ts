import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { runCommand } from '../run-command.ts';

const outbound = (needs: string) => `outbound:
  - source: { needs: ${needs} }
    targets: [{ repository: deploy, workflow: cd.yml, id: all-checks }]
`;
const inbound = (source: string) => `inbound:
  - source: { repository: app, ${source} }
    targets: [{ workflow: cd.yml }]
`;
const files: Readonly<Record<string, string>> = {
  'run.json': readFileSync(new URL('../../../../docs/examples/run.json', import.meta.url), 'utf8'),
  'needs.yml': outbound('[ci.yml, security.yml]'),
  'needs-skipped.yml': outbound('[ci.yml, { workflow: security.yml, conclusions: [skipped] }]'),
  'needs-others.yml': outbound('[build.yml, security.yml]'),
  'accepts-one.yml': inbound('workflow: ci.yml'),
  'accepts-all.yml': inbound('needs: [security.yml, ci.yml]'),
  'accepts-more.yml': inbound('needs: [ci.yml, e2e.yml]'),
  'accepts-job.yml': inbound('job: ci.yml'),
};

async function explain(source: string, target: string, ...args: readonly string[]) {
  let [out, err] = ['', ''];
  const options = ['--run', 'run.json', '--source', `octo-org/app=${source}`, '--target', `octo-org/deploy=${target}`];
  const code = await runCommand(['explain', ...options, ...args], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    readFile: (path) => Buffer.from(files[path] ?? ''),
  });
  return { code, out, err };
}

const assumes = 'Assumes that these workflows succeeded on the same commit: security.yml.';

describe('explaining a rule that needs several workflows', () => {
  test.each(['accepts-one.yml', 'accepts-all.yml'])(
    'assumes that the others succeeded on the same commit, and says so: %s',
    async (target) => {
      const { code, out } = await explain('needs.yml', target);
      expect({ code, lines: out.split('\n').slice(0, 2) }).toEqual({
        code: 0,
        lines: ['Starts octo-org/deploy:cd.yml.', assumes],
      });
    },
  );

  test('with --json is the plan alone', async () => {
    const { out } = await explain('needs.yml', 'accepts-all.yml', '--json');
    expect(JSON.parse(out)).toMatchObject({ decisions: [{ effect: 'allow', code: 'allowed' }] });
  });

  test('says what it waits for if the success of another one is not what the rule needs', async () => {
    const { code, out } = await explain('needs-skipped.yml', 'accepts-all.yml');
    expect(code).toBe(1);
    expect(out).toContain('waiting-for-needs: octo-org/deploy:cd.yml waits for other workflows on the commit');
    expect(out).toContain('security.yml (success)');
    expect(out).toContain('responsible: nobody');
  });

  test.each(['accepts-more.yml', 'accepts-job.yml'])(
    'is refused by a target that demands others: %s',
    async (target) => {
      const { code, out } = await explain('needs.yml', target);
      expect(code).toBe(1);
      expect(out).toContain('inbound-no-match');
    },
  );

  test('does not match the run of another workflow, and assumes nothing', async () => {
    const { code, out } = await explain('needs-others.yml', 'accepts-one.yml');
    expect(code).toBe(1);
    expect(out).toContain('source-workflow');
    expect(out).not.toContain('Assumes');
  });
});
