/** Returns the headers that authenticate at the admin API, from the variables that configure it. */
export function adminHeaders(env: NodeJS.ProcessEnv): Record<string, string> {
  if (env['ADMIN_API_KEY']) return { 'x-api-key': env['ADMIN_API_KEY'] };
  if (env['ADMIN_AUTHENTICATION'] !== 'basic') return {};
  const credentials = Buffer.from(`${env['ADMIN_BASIC_USER'] ?? ''}:${env['ADMIN_BASIC_PASSWORD'] ?? ''}`);
  return { authorization: `Basic ${credentials.toString('base64')}` };
}
