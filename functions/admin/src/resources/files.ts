import * as z from 'zod';
import { ProblemError } from '@dispatcher/lambda';
import { NoQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';

const FileParams = z.object({
  blobId: z
    .string()
    .regex(/^[0-9a-f]{40}$/, 'write a Git blob id of 40 hex digits')
    .describe('The Git blob id, from `files` of GET /api/plans/{runKey}.'),
});

export const FileResponse = z.object({ blobId: z.string(), text: z.string() });

/** Adds the read of a `dispatching.yml` as a plan was decided on it. */
export function addFileRoutes(api: Api): void {
  const schema = {
    summary: 'Returns the content of a `dispatching.yml` that a plan was decided on.',
    description:
      'A content is stored once, under its Git blob id, and at least as long as the plans that were decided on it.',
    params: FileParams,
    querystring: NoQuery,
    response: { 200: FileResponse },
    problems: { 404: 'No stored plan was decided on this content, or it was too large to be stored.' },
  };
  api.get('/files/:blobId', { schema }, async ({ params: { blobId }, reads }) => {
    const file = await reads.file(blobId);
    if (file === null)
      throw new ProblemError(
        404,
        `No file with the blob id ${blobId} is stored. Plans and their files are kept for 100 days.`,
      );
    return file;
  });
}
