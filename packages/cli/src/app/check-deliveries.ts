import { GitHubError, type GitHubApp } from '@dispatcher/github';
import { type Finding, note, ok, problem } from '../finding.ts';

const check = 'app-deliveries';
const maxExamples = 3;

type LoggedDelivery = Awaited<ReturnType<GitHubApp['deliveries']['page']>>['deliveries'][number];

/**
 * Looks for completed runs in the newest 100 deliveries of GitHub's log of which no attempt succeeded. GitHub never
 * redelivers by itself.
 */
export async function checkDeliveries(deliveries: GitHubApp['deliveries']): Promise<Finding[]> {
  let log: readonly LoggedDelivery[];
  try {
    ({ deliveries: log } = await deliveries.page(null));
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return [
      problem(check, `GitHub’s delivery log: ${error.message}`, 'Try again, and check https://www.githubstatus.com.'),
    ];
  }
  const runs = log.filter(({ event, action }) => event === 'workflow_run' && action === 'completed');
  if (runs.length === 0)
    return [note(check, 'GitHub’s log has no completed run yet: no workflow ran where the App is installed')];
  const delivered = new Set(runs.filter(isOk).map(({ guid }) => guid));
  // Newest first: the first delivery with a GUID is its last attempt.
  const lost = new Map(
    runs
      .filter(({ guid }) => !delivered.has(guid))
      .toReversed()
      .map((delivery) => [delivery.guid, delivery]),
  );
  if (lost.size === 0) return [ok(check, `all of the newest ${runs.length} succeeded`)];
  const failed = [...lost.values()].toReversed();
  const examples = failed
    .slice(0, maxExamples)
    .map((delivery) => `${delivery.guid} at ${delivery.deliveredAt}: ${responseOf(delivery)}`);
  return [
    problem(
      check,
      `${lost.size} of the newest ${runs.length} failed: ${examples.join('; ')}`,
      `${causeOf(failed[0])} Then redeliver them, on the App’s settings page under Advanced.`,
    ),
  ];
}

function isOk({ statusCode }: LoggedDelivery): boolean {
  return statusCode >= 200 && statusCode <= 299;
}

function responseOf({ statusCode, status }: LoggedDelivery): string {
  return statusCode === 0 ? status : `${statusCode}`;
}

function causeOf(newest: LoggedDelivery | undefined): string {
  switch (newest?.statusCode) {
    case 401:
      return 'The App’s webhook secret differs from GITHUB_WEBHOOK_SECRET: set the same value in both places.';
    case 404:
      return 'The webhook URL must end in /webhooks/github.';
    case 0:
      return 'The webhook URL did not respond in time: check that Dispatcher is reachable from the internet.';
    case 503:
      return 'Dispatcher could not store them: check its queue and the log of the ingress function.';
    default:
      return 'Check the log of the ingress function.';
  }
}
