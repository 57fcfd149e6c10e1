import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { App } from '@octokit/app';
import { Octokit } from '@octokit/rest';
import { EXAMPLE_INSTALLATIONS } from '../state/example-seed.ts';
import type { Emulator } from '../emulator.ts';
import {
  client,
  PRIVATE_KEY,
  type Receiver,
  SILENT,
  startExample,
  startReceiver,
  WITH_EVENTS,
} from '../testing/example-emulator.ts';
import { submitForm } from '../testing/html-forms.ts';
import { CLIENT_ID, CLIENT_SECRET, SIGN_IN, signIn } from '../testing/sign-in.ts';
import { responseErrors, webhookErrors, OPERATIONS } from '../testing/published-schemas.ts';

const DEPLOY = { owner: 'octo-org', repo: 'deploy' };
const CD = { ...DEPLOY, workflow_id: 'cd.yml' };

describe("every response to GitHub's own client matches GitHub's published description", () => {
  let receiver: Receiver;
  let emulator: Emulator;
  let app: Octokit;
  let installation: Octokit;
  let anonymous: Octokit;
  const wrong: string[] = [];
  const checked = new Set<string>();

  beforeAll(async () => {
    receiver = await startReceiver();
    // This client creates JWTs without a `jti`.
    emulator = await startExample({
      webhookUrl: receiver.url,
      refuseRepeatedJwt: false,
      permissions: { ...WITH_EVENTS, members: 'read', checks: 'write' },
      events: ['workflow_run', 'check_run', 'check_suite'],
      ...SIGN_IN,
    });
    const clients = new App({
      appId: 1,
      privateKey: PRIVATE_KEY,
      Octokit: Octokit.defaults({ baseUrl: emulator.url, log: SILENT }),
    });
    app = clients.octokit;
    installation = await clients.getInstallationOctokit(EXAMPLE_INSTALLATIONS['octo-org']);
    anonymous = client(emulator);
    for (const octokit of [app, installation, anonymous]) {
      octokit.hook.after('request', (response, { method, url }) => {
        const operation = `${method} ${url.replace(/\?.*$/, '')}`;
        checked.add(operation);
        wrong.push(
          ...responseErrors(operation, response.status, response.data).map((error) => `${operation}: ${error}`),
        );
      });
    }
  });

  afterAll(async () => {
    await emulator.close();
    await receiver.close();
  });

  test('the App and its installations', async () => {
    expect((await app.apps.getAuthenticated()).data?.slug).toBe('org-repo-workflows-runner-alpha');
    expect((await app.apps.listInstallations()).data).toHaveLength(3);
    await app.apps.getInstallation({ installation_id: EXAMPLE_INSTALLATIONS['octo-org'] });
    await app.apps.getUserInstallation({ username: 'octo-org' });
    await app.apps.getOrgInstallation({ org: 'octo-org' });
    await app.apps.getRepoInstallation(DEPLOY);
    await app.apps.createInstallationAccessToken({
      installation_id: EXAMPLE_INSTALLATIONS['octo-org'],
      repositories: ['deploy'],
      permissions: { actions: 'write' },
    });
    expect((await installation.apps.listReposAccessibleToInstallation()).data.total_count).toBe(4);
    expect(wrong.splice(0)).toEqual([]);
  });

  test('workflows and runs', async () => {
    await installation.repos.get(DEPLOY);
    await installation.actions.listRepoWorkflows(DEPLOY);
    await installation.actions.getWorkflow(CD);
    const started = await installation.request(
      'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
      {
        ...CD,
        ref: 'main',
        return_run_details: true,
      },
    );
    const { workflow_run_id: runId } = started.data as unknown as { workflow_run_id: number };
    await emulator.control.complete(runId, 'failure');
    expect((await installation.actions.getWorkflowRun({ ...DEPLOY, run_id: runId })).data.conclusion).toBe('failure');
    await installation.actions.listJobsForWorkflowRun({ ...DEPLOY, run_id: runId });
    await installation.repos.createDispatchEvent({ ...DEPLOY, event_type: 'deploy', client_payload: { sha: 'abc' } });
    await installation.actions.createWorkflowDispatch({ ...CD, ref: 'main' });
    expect((await installation.actions.listWorkflowRuns(CD)).data.total_count).toBe(2);
    expect((await installation.actions.listWorkflowRunsForRepo(DEPLOY)).data.total_count).toBe(2);
    expect(wrong.splice(0)).toEqual([]);
  });

  test('issues and comments', async () => {
    const { data: issue } = await installation.issues.create({
      ...DEPLOY,
      title: 'A title',
      body: 'text',
      labels: ['one'],
    });
    const at = { ...DEPLOY, issue_number: issue.number };
    await installation.issues.createComment({ ...at, body: 'A comment' });
    await installation.issues.listComments(at);
    await installation.issues.update({ ...at, state: 'closed' });
    expect((await installation.issues.get(at)).data.state).toBe('closed');
    expect((await installation.issues.listForRepo({ ...DEPLOY, state: 'all' })).data).toHaveLength(1);
    expect(wrong.splice(0)).toEqual([]);
  });

  test('check runs, check suites and their webhooks', async () => {
    const { sha } = await emulator.control.push('octo-org/deploy', { branch: 'change', files: { 'README.md': 'x' } });
    const annotation = {
      path: 'README.md',
      start_line: 1,
      end_line: 1,
      annotation_level: 'warning' as const,
      message: 'a message',
    };
    const { data: check } = await installation.checks.create({
      ...DEPLOY,
      name: 'a check',
      head_sha: sha,
      external_id: 'mine',
      output: { title: 'title', summary: 'summary', annotations: [annotation] },
    });
    const at = { ...DEPLOY, check_run_id: check.id };
    await installation.checks.update({ ...at, conclusion: 'success' });
    expect((await installation.checks.get(at)).data).toMatchObject({ status: 'completed', external_id: 'mine' });
    expect((await installation.checks.listAnnotations(at)).data).toHaveLength(1);
    expect((await installation.checks.listForRef({ ...DEPLOY, ref: sha })).data.total_count).toBe(1);
    const { data: suites } = await installation.checks.listSuitesForRef({ ...DEPLOY, ref: sha });
    const suite = { ...DEPLOY, check_suite_id: Number(suites.check_suites[0]?.id) };
    await installation.checks.getSuite(suite);
    expect((await installation.checks.listForSuite(suite)).data.check_runs).toHaveLength(1);
    expect(wrong.splice(0)).toEqual([]);
    await emulator.control.rerequestCheckRun(check.id);
    await emulator.control.rerequestCheckSuite(suite.check_suite_id);
    const [ofRun, ofSuite] = receiver.received.splice(-2).map(({ body }) => JSON.parse(body));
    expect(webhookErrors(ofRun, 'check_run')).toEqual([]);
    expect(webhookErrors(ofSuite, 'check_suite')).toEqual([]);
  });

  test('users and their roles', async () => {
    await installation.request('GET /user/{account_id}', { account_id: 583_231 });
    for (const username of ['octocat', 'hubot', 'monalisa'])
      await installation.repos.getCollaboratorPermissionLevel({ ...DEPLOY, username });
    await installation.orgs.getMembershipForUser({ org: 'octo-org', username: 'hubot' });
    const team = { org: 'octo-org', team_slug: 'platform' };
    await installation.teams.getMembershipForUserInOrg({ ...team, username: 'octocat' });
    expect(wrong.splice(0)).toEqual([]);
  });

  test('a user who signed in, and the end of the sign-in', async () => {
    const basic = `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}`;
    for (const end of ['token', 'grant'] as const) {
      const { token } = await signIn(emulator, 'octocat');
      const user = { headers: { authorization: `token ${token}` } };
      expect((await anonymous.request('GET /user', user)).data.login).toBe('octocat');
      await anonymous.request(`DELETE /applications/{client_id}/${end}`, {
        client_id: CLIENT_ID,
        access_token: token,
        headers: { authorization: basic },
      });
    }
    expect(wrong.splice(0)).toEqual([]);
    const { headers, body } = receiver.received.pop() ?? { headers: {}, body: 'null' };
    expect(headers['x-github-event']).toBe('github_app_authorization');
    expect(webhookErrors(JSON.parse(body), 'github_app_authorization')).toEqual([]);
  });

  test('the webhook, its configuration and the delivery log', async () => {
    await emulator.control.run({ repository: 'octo-org/app', workflow: 'ci.yml' });
    await app.apps.getWebhookConfigForApp();
    // The method of this endpoint would use its parameter `url` as the URL of the request.
    await app.request('PATCH /app/hook/config', { data: { url: receiver.url } });
    const { data: deliveries } = await app.apps.listWebhookDeliveries();
    const delivery = { delivery_id: deliveries[0]?.id ?? 0 };
    await app.apps.getWebhookDelivery(delivery);
    await app.apps.redeliverWebhookDelivery(delivery);
    expect(wrong.splice(0)).toEqual([]);
    const payloads = receiver.received.map(({ body }) => JSON.parse(body));
    expect(payloads.length).toBeGreaterThan(1);
    expect(payloads.flatMap((payload) => webhookErrors(payload))).toEqual([]);
  });

  test('every webhook that the control API can cause', async () => {
    const source = { repository: 'octo-org/app', workflow: 'ci.yml' };
    const before = receiver.received.length;
    await emulator.control.run({ ...source, fork: true, branch: 'main' });
    await emulator.control.run({ ...source, branch: null, conclusion: 'timed_out' });
    await emulator.control.run({ ...source, attempt: 3, actor: 'somebody-new' });
    await emulator.control.run({
      repository: 'octo-org/octo-repo',
      workflow: 'test.yml',
      event: 'repository_dispatch',
    });
    const payloads = receiver.received.slice(before).map(({ body }) => JSON.parse(body));
    expect(payloads).toHaveLength(4);
    expect(payloads.flatMap((payload) => webhookErrors(payload))).toEqual([]);
  });

  test('revoked tokens', async () => {
    await installation.apps.revokeInstallationAccessToken();
    expect(wrong.splice(0)).toEqual([]);
  });

  test('an App made from a manifest', async () => {
    const manifest = { name: 'new', url: receiver.url, redirect_url: receiver.url };
    const action = `${emulator.url}/settings/apps`;
    const back = await submitForm({ action, fields: { manifest: JSON.stringify(manifest) } });
    const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? '';
    await anonymous.apps.createFromManifest({ code });
    expect(wrong.splice(0)).toEqual([]);
  });

  test('every operation of the description was checked', () => {
    expect([...checked].sort()).toEqual(OPERATIONS.toSorted());
  });
});
