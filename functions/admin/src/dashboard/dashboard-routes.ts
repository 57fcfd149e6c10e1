import fastifyStatic from '@fastify/static';
import { ProblemError } from '@dispatcher/lambda';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { dashboardPolicy } from './content-security-policy.ts';
import type { DashboardFiles } from './dashboard-files.ts';

/** Sends the dashboard as the response to a GET of any of its pages. */
export type SendPage = (reply: FastifyReply) => FastifyReply;

/**
 * Adds the files of the dashboard, which need no authentication: they contain no data. The files are compressed at build.
 * @returns what sends the page itself
 */
export function addDashboardRoutes(app: FastifyInstance, files: DashboardFiles | null): SendPage {
  if (files === null) return sendMissingPage;
  // Neither `etag` nor `lastModified`: both derive from the time of the file, which is the same in every image.
  app.register(fastifyStatic, {
    root: files.directory,
    serve: false,
    preCompressed: true,
    etag: false,
    lastModified: false,
    cacheControl: false,
  });
  const config = { open: true, hidden: true } as const;
  app.get<{ Params: { file: string } }>('/assets/:file', { config }, (request, reply) => {
    const { file } = request.params;
    if (!files.assets.has(file)) throw new ProblemError(404, `There is no file ${request.url}. Reload the page.`);
    return send(reply, `assets/${file}`, 'public, max-age=31536000, immutable');
  });
  for (const name of files.rootFiles) {
    app.get(`/${name}`, { config }, (_request, reply) => send(reply, name, 'no-cache'));
  }
  return (reply) => send(reply, 'index.html', 'no-cache');
}

function send(reply: FastifyReply, file: string, cacheControl: string): FastifyReply {
  return reply
    .headers({ 'content-security-policy': dashboardPolicy, 'cache-control': cacheControl, vary: 'accept-encoding' })
    .sendFile(file);
}

/** Where the dashboard was not built: in tests, and after a start from the source without `npm run build`. */
const sendMissingPage: SendPage = (reply) =>
  reply
    .code(404)
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Dispatcher</title>
<h1>The dashboard is not built</h1>
<p>The admin API is running, but the files of its dashboard are missing. Run <code>npm run build</code> and start again, or set
<code>DASHBOARD_DIR</code> to the directory of a build.</p>
<p>The API works without it: <a href="/health">/health</a> says its version.</p>
</html>
`);
