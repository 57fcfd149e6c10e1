import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../emulator.ts';
import { client, mint, startExample } from '../testing/example-emulator.ts';

// The pages as a browser opens them: without a credential.

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startExample({
    permissions: { metadata: 'read', contents: 'read', actions: 'write', issues: 'write', checks: 'write' },
  });
});
afterEach(() => emulator.close());

const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

async function open(path: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(new URL(path, emulator.url), { headers });
  return { status: response.status, text: await response.text() };
}

/** Returns the addresses that a page links to on this server. */
function linksOf(text: string): string[] {
  return [...text.matchAll(/ href="([^"#]+)"/g)].map(([, href = '']) =>
    href.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
  );
}

async function createContent(): Promise<{ readonly sha: string; readonly runUrl: string; readonly issueUrl: string }> {
  const { control } = emulator;
  await control.push('octo-org/app', {
    branch: 'feature/x',
    files: { 'docs/a b.md': 'spaced\n', 'logo.png': { base64: 'AAEC' } },
  });
  const { sha } = await control.push('octo-org/app', { files: { 'a.txt': 'one\ntwo\n' }, message: 'Add a', tag: 'v1' });
  const { run } = await control.run({ repository: 'octo-org/app', workflow: 'ci.yml', conclusion: 'failure' });
  const octokit = client(emulator, await mint(emulator, 'octo-org'));
  const issue = await octokit.issues.create({
    owner: 'octo-org',
    repo: 'app',
    title: 'A <b>title</b>',
    body: '<!-- a marker -->\n**bold** <script>alert(1)</script> [x](javascript:alert)\n\n| a | b |\n| --- | --- |\n| c | d |\n',
    labels: ['dispatcher'],
  });
  await octokit.issues.createComment({ owner: 'octo-org', repo: 'app', issue_number: 1, body: 'A `comment`' });
  await octokit.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
    owner: 'octo-org',
    repo: 'deploy',
    workflow_id: 'cd.yml',
    ref: 'main',
    inputs: { sha: '<abc>' },
  });
  return { sha, runUrl: run.htmlUrl, issueUrl: issue.data.html_url };
}

test('every link of every page leads to a page', async () => {
  await createContent();
  const seen = new Set(['/']);
  for (const path of seen) {
    const { status, text } = await open(path);
    expect({ path, status }).toEqual({ path, status: 200 });
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(text.match(/<h1>/g)).toHaveLength(1);
    for (const link of linksOf(text)) seen.add(link);
  }
  expect(seen.size).toBeGreaterThan(40);
});

test('the html_url of a run, an issue, a repository, an owner, a workflow and the App’s bot opens', async () => {
  const { runUrl, issueUrl } = await createContent();
  const octokit = client(emulator, await mint(emulator, 'octo-org'));
  const { data: repository } = await octokit.repos.get({ owner: 'octo-org', repo: 'app' });
  const { data: run } = await octokit.actions.listWorkflowRunsForRepo({ owner: 'octo-org', repo: 'deploy' });
  const { data: workflows } = await octokit.actions.listRepoWorkflows({ owner: 'octo-org', repo: 'deploy' });
  const urls = [
    runUrl,
    issueUrl,
    repository.html_url,
    repository.owner.html_url,
    run.workflow_runs[0]?.html_url,
    run.workflow_runs[0]?.actor?.html_url,
    workflows.workflows[0]?.html_url,
  ];
  for (const url of urls) expect({ url, status: (await open(url ?? '')).status }).toEqual({ url, status: 200 });
});

describe('a page shows', () => {
  test('of a run: conclusion, workflow, event, branch, commit, jobs and inputs', async () => {
    const { runUrl, sha } = await createContent();
    const failed = await open(runUrl);
    for (const part of ['Failure', '.github/workflows/ci.yml', 'push', 'main', sha.slice(0, 7), 'test', 'Add a']) {
      expect(failed.text).toContain(part);
    }
    const started = (await emulator.control.runs()).at(-1);
    const { text } = await open(started?.htmlUrl ?? '');
    expect(text).toContain('Queued');
    expect(text).toContain('<code>&#60;abc&#62;</code>');
    expect(text).toContain(`npm run github -- complete ${started?.id}`);
  });

  test('of an issue: its Markdown, labels and comments, and neither scripts nor hidden comments', async () => {
    const { issueUrl } = await createContent();
    const { text } = await open(issueUrl);
    for (const part of [
      'A &#60;b&#62;title',
      'Open',
      'dispatcher',
      '<strong>bold</strong>',
      '<td>c</td>',
      '<code>comment</code>',
    ])
      expect(text).toContain(part);
    for (const part of ['<script', 'a marker', 'href="javascript:']) expect(text).not.toContain(part);
    expect((await open('/octo-org/app/issues')).text).toContain('A &#60;b&#62;title');
    expect((await open('/octo-org/app/issues?state=closed')).text).toContain('There are no closed issues.');
  });

  test('of a file: its lines, also on a branch with a slash and a path with a space', async () => {
    await createContent();
    expect((await open('/octo-org/app/blob/main/a.txt')).text).toContain('<td>two</td>');
    expect((await open('/octo-org/app/blob/feature/x/docs/a%20b.md')).text).toContain('<td>spaced</td>');
    expect((await open('/octo-org/app/blob/feature/x/logo.png')).text).toContain('A binary file of 3 bytes.');
  });

  test('of a commit: the changed lines, and its checks', async () => {
    const { sha } = await createContent();
    await emulator.control.push('octo-org/app', { files: { 'a.txt': 'one\nthree\n', 'README.md': null } });
    expect((await open(`/octo-org/app/commit/${sha}`)).text).toMatch(/<tr class="added"><th>\+<\/th><td>one<\/td>/);
    const { text } = await open('/octo-org/app/commit/main');
    expect(text).toMatch(/class="removed"><th>-<\/th><td>two<\/td>/);
    expect(text).toMatch(/class="added"><th>\+<\/th><td>three<\/td>/);
    expect(text).toContain('README.md');
    expect((await open(`/octo-org/app/commit/${sha}/checks`)).text).toContain('Failure');
  });
});

test('the page of a check run shows its summary and annotations, and the checks of its commit link to it', async () => {
  const { sha } = await createContent();
  const octokit = client(emulator, await mint(emulator, 'octo-org'));
  const { data: check } = await octokit.checks.create({
    owner: 'octo-org',
    repo: 'app',
    head_sha: sha,
    name: 'Dispatcher',
    conclusion: 'action_required',
    output: {
      title: '1 refused',
      summary: '**deploy** <script>alert(1)</script>',
      annotations: [
        { path: 'a.txt', start_line: 2, end_line: 2, annotation_level: 'warning', message: 'Never starts' },
      ],
    },
  });
  const checks = (await open(`/octo-org/app/commit/${sha}/checks`)).text;
  expect(checks).toContain(`<a href="${new URL(check.html_url ?? '').pathname}">Dispatcher</a>`);
  const { status, text } = await open(check.html_url ?? '');
  expect(status).toBe(200);
  for (const part of ['Action required', '1 refused', '<strong>deploy</strong>', 'Never starts', 'line 2', 'warning'])
    expect(text).toContain(part);
  expect(text).toContain(`npm run github -- rerun-check ${check.id}`);
  expect(text).not.toContain('<script');
  for (const link of linksOf(text)) expect({ link, status: (await open(link)).status }).toEqual({ link, status: 200 });
});

test('a missing page is 404, readable for a person and GitHub’s JSON for a client of the API', async () => {
  for (const path of [
    '/nobody',
    '/octo-org/none',
    '/octo-org/app/issues/9',
    '/octo-org/app/runs/9',
    '/octo-org/app/blob/main/none',
    '/apps/none',
  ]) {
    const page = await open(path);
    expect(page.status).toBe(404);
    expect(page.text).toContain('<h1>Page not found</h1>');
    const response = await fetch(emulator.url + path, { headers: { accept: 'application/vnd.github+json' } });
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 404,
      body: { message: 'Not Found' },
    });
  }
});

test('no page may run a script or load anything, and its own style is allowed', async () => {
  const response = await fetch(`${emulator.url}/octo-org/app`, { headers });
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]+=';/);
});
