import { GitHubError, type GitHubApp } from '@dispatcher/github';
import { type Finding, note, ok, problem } from '../finding.ts';

const check = 'app-deliveries';
const shown = 3;

type Logged = Awaited<ReturnType<GitHubApp['deliveries']['page']>>['deliveries'][number];

/**
 * The newest 100 lines of GitHub's delivery log: completed runs of which no attempt arrived. GitHub never sends one
 * again by itself.
 */
export async function examineDeliveries(deliveries: GitHubApp['deliveries']): Promise<Finding[]> {
  let log: readonly Logged[];
  try {
    ({ deliveries: log } = await deliveries.page(null));
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return [
      problem(check, `GitHub’s delivery log: ${error.message}`, 'Ask again; look at https://www.githubstatus.com.'),
    ];
  }
  const runs = log.filter(({ event, action }) => event === 'workflow_run' && action === 'completed');
  if (runs.length === 0)
    return [note(check, 'GitHub’s log has no completed run yet: nothing ran where the App is installed')];
  const arrived = new Set(runs.filter(isOk).map(({ guid }) => guid));
  // Newest first, so the first one of a GUID is its last attempt.
  const lost = new Map(
    runs
      .filter(({ guid }) => !arrived.has(guid))
      .toReversed()
      .map((line) => [line.guid, line]),
  );
  if (lost.size === 0) return [ok(check, `all of the newest ${runs.length} arrived`)];
  const lines = [...lost.values()].toReversed();
  const examples = lines.slice(0, shown).map((line) => `${line.guid} at ${line.deliveredAt}: ${answerOf(line)}`);
  return [
    problem(
      check,
      `${lost.size} of the newest ${runs.length} did not arrive: ${examples.join('; ')}`,
      `${causeOf(lines[0])} Then redeliver them, on the App’s settings page under Advanced.`,
    ),
  ];
}

function isOk({ statusCode }: Logged): boolean {
  return statusCode >= 200 && statusCode <= 299;
}

function answerOf({ statusCode, status }: Logged): string {
  return statusCode === 0 ? status : `${statusCode}`;
}

function causeOf(newest: Logged | undefined): string {
  switch (newest?.statusCode) {
    case 401:
      return 'The App’s webhook secret is not GITHUB_WEBHOOK_SECRET: set one of the two.';
    case 404:
      return 'The webhook URL must end in /webhooks/github.';
    case 0:
      return 'Nothing answered in time at the webhook URL: is Dispatcher reachable from the internet?';
    case 503:
      return 'Dispatcher could not store them: look at its queue and at the ingress log.';
    default:
      return 'Look at the ingress log.';
  }
}
