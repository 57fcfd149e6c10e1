import { createDeliveryLog } from './deliveries.ts';
import { createInstallations } from './installations.ts';
import { createIssueClient } from './issues.ts';
import { createReader } from './reader.ts';
import { createJobCounter } from './run-jobs.ts';
import { createRunFinder } from './started-runs.ts';
import { createWorkflowStarter } from './start-workflow.ts';
import { createEventSender } from './send-event.ts';
import { createTokens } from './tokens.ts';
import { createTransport } from './transport.ts';
import type { GitHubApp, GitHubAppOptions } from './types.ts';

/**
 * The GitHub App, for the life of a process: it keeps installation tokens, installations and the slug in memory.
 * Every failure is a GitHubError, whose class says what to do next; nothing is retried here.
 * @throws Error where the private key is no PEM key.
 */
export function createGitHubApp(options: GitHubAppOptions): GitHubApp {
  const transport = createTransport(options);
  const tokens = createTokens(transport, options.limits);
  const installations = createInstallations(transport);
  return {
    ...installations,
    createReader: () => createReader({ transport, tokens, installations }),
    sendEvent: createEventSender(transport, tokens),
    startWorkflow: createWorkflowStarter(transport, tokens),
    startedRuns: createRunFinder({ transport, tokens, installations }),
    jobCount: createJobCounter(transport, tokens),
    issues: createIssueClient({ transport, tokens, installations }),
    deliveries: createDeliveryLog(transport),
  };
}
