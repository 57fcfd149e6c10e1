import type { Terminal } from '../command.ts';
import type { CommandContext } from '../context/command-context.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { ApiError } from './api-error.ts';
import { findApi } from './find-api.ts';

/** Runs `work` with the API; prints why a request failed, and then returns exit code 1. @throws UsageError */
export async function runWithApi(
  context: CommandContext,
  terminal: Terminal,
  work: (api: ApiClient) => Promise<number>,
): Promise<number> {
  const api = createApiClient(findApi(context), {
    wait: context.wait,
    warn: (sentence) => terminal.err(`${sentence}\n`),
  });
  try {
    return await work(api);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    terminal.err(`${error.message}\n`);
    return 1;
  }
}
