import type { Installations } from './installations/installations.ts';
import type { InstallationTokens } from './installations/installation-tokens.ts';
import { createRepositoryReader, type RepositoryReader } from './repositories/repository-reader.ts';
import { createWorkflowRuns, type WorkflowRuns } from './repositories/workflow-runs.ts';
import type { GitHubAppOptions } from './transport/options.ts';
import { createTransport } from './transport/transport.ts';

export interface TokenClient {
  readonly reader: RepositoryReader;
  readonly runs: WorkflowRuns;
}

/** The number that stands for the installation in requests with a token. */
export const tokenInstallationId = 1;

/**
 * Creates a client that reads with a token of a user or a workflow, such as `GITHUB_TOKEN`, in place of an App. It sees what
 * the token may read, which can be more or less than what the App sees.
 */
export function createTokenClient(
  token: string,
  options: Pick<GitHubAppOptions, 'apiUrl' | 'fetch' | 'now' | 'requestTimeoutMs'>,
): TokenClient {
  const transport = createTransport(options);
  const tokens: InstallationTokens = { use: (_, request) => request(`token ${token}`) };
  const installations: Pick<Installations, 'installationOf'> = { installationOf: async () => tokenInstallationId };
  return {
    reader: createRepositoryReader({ transport, tokens, installations }),
    runs: createWorkflowRuns(transport, tokens),
  };
}
