import {
  createGitHubApp,
  createTokenClient,
  type RepositoryReader,
  tokenInstallationId,
  type WorkflowRuns,
} from '@dispatcher/github';
import { UsageError } from '../command.ts';
import type { CommandContext } from '../context/command-context.ts';
import { findCredentials } from '../context/credentials.ts';
import { findRunningApp } from '../context/emulated-app.ts';

/** What reads repositories and runs from GitHub. */
export interface LiveClient {
  /** What the credentials are, for messages. */
  readonly from: string;
  readonly reader: RepositoryReader;
  readonly runs: WorkflowRuns;
  /** Returns the installation on an owner; null if the App is not installed there. */
  readonly installationOf: (owner: string) => Promise<number | null>;
}

/**
 * Creates a client with the first of these credentials: the App of the environment or `.env`, the token `GITHUB_TOKEN` or
 * `GH_TOKEN`, and the emulated App of a running `npm start`.
 * @throws UsageError if there are none
 */
export async function createLiveClient(context: CommandContext): Promise<LiveClient> {
  const credentials = findCredentials(context, {});
  const appId = await credentials.value('GITHUB_APP_ID');
  const apiUrl = await credentials.value('GITHUB_API_URL');
  const atUrl = apiUrl === undefined ? {} : { apiUrl };
  const privateKey = await credentials.value('GITHUB_APP_PRIVATE_KEY');
  if (appId !== undefined && privateKey !== undefined) {
    return withApp(`the App ${appId} of ${credentials.from}`, { appId, privateKey, ...atUrl });
  }
  for (const name of ['GITHUB_TOKEN', 'GH_TOKEN']) {
    const token = await credentials.value(name);
    if (token === undefined) continue;
    return {
      from: `the token ${name}`,
      ...createTokenClient(token, atUrl),
      installationOf: async () => tokenInstallationId,
    };
  }
  const emulated = findRunningApp(context);
  if (emulated === null) {
    throw new UsageError(
      '--live needs credentials: GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY (in the environment or in .env), GITHUB_TOKEN, or a running `npm start`.',
    );
  }
  return withApp('the emulated App of the running npm start', {
    appId: emulated['GITHUB_APP_ID'] ?? '',
    privateKey: emulated['GITHUB_APP_PRIVATE_KEY'] ?? '',
    apiUrl: emulated['GITHUB_API_URL'] ?? '',
  });
}

function withApp(from: string, options: { appId: string; privateKey: string; apiUrl?: string }): LiveClient {
  const app = createGitHubApp(options);
  return {
    from,
    reader: app.createReader(),
    runs: app.runs,
    installationOf: (owner) => app.installationOf(owner),
  };
}
