/** What a request does. Faults name it, so that a test need not know GitHub's paths. */
export type Operation =
  | 'app'
  | 'installation'
  | 'token'
  | 'graphql'
  | 'dispatch'
  /** A `repository_dispatch`. */
  | 'event'
  | 'run-list'
  | 'run-read'
  | 'job-list'
  | 'issue-create'
  | 'issue-update'
  | 'issue-read'
  | 'comment-create'
  | 'comment-list'
  | 'check-create'
  | 'check-update'
  | 'check-list'
  | 'check-read'
  /** A step of a user's sign-in: the exchange of a code, the user of a token, the end of a token. */
  | 'sign-in'
  /** The role of a user in a repository, a team or an organization, and the user of an id. */
  | 'membership'
  | 'deliveries'
  | 'redelivery'
  /** What the issuer of the tokens of jobs publishes: its discovery document and its keys. */
  | 'oidc'
  /** A webhook that GitHub sends. Its path is `/webhooks/OWNER/NAME`. */
  | 'webhook'
  | 'other';

const OPERATIONS: readonly (readonly [Operation, string, RegExp])[] = [
  ['token', 'POST', /^\/app\/installations\/\d+\/access_tokens$/],
  ['redelivery', 'POST', /^\/app\/hook\/deliveries\/\d+\/attempts$/],
  ['deliveries', 'GET', /^\/app\/hook\/deliveries(\/\d+)?$/],
  [
    'installation',
    'GET',
    /^\/(app\/installations(\/\d+)?|(repos\/[^/]+\/[^/]+|users\/[^/]+|orgs\/[^/]+)\/installation)$/,
  ],
  ['app', 'GET', /^\/app$/],
  ['sign-in', 'POST', /^\/login\/oauth\/access_token$/],
  ['sign-in', 'GET', /^\/user$/],
  ['sign-in', 'DELETE', /^\/applications\/[^/]+\/(token|grant)$/],
  [
    'membership',
    'GET',
    /^\/(user\/\d+|repos\/[^/]+\/[^/]+\/collaborators\/[^/]+\/permission|orgs\/[^/]+\/(teams\/[^/]+\/)?memberships\/[^/]+)$/,
  ],
  ['graphql', 'POST', /^\/graphql$/],
  ['dispatch', 'POST', /^\/repos\/[^/]+\/[^/]+\/actions\/workflows\/[^/]+\/dispatches$/],
  ['event', 'POST', /^\/repos\/[^/]+\/[^/]+\/dispatches$/],
  ['run-list', 'GET', /^\/repos\/[^/]+\/[^/]+\/actions\/(workflows\/[^/]+\/)?runs$/],
  ['run-read', 'GET', /^\/repos\/[^/]+\/[^/]+\/actions\/runs\/\d+$/],
  ['job-list', 'GET', /^\/repos\/[^/]+\/[^/]+\/actions\/runs\/\d+\/jobs$/],
  ['comment-create', 'POST', /^\/repos\/[^/]+\/[^/]+\/issues\/\d+\/comments$/],
  ['comment-list', 'GET', /^\/repos\/[^/]+\/[^/]+\/issues\/\d+\/comments$/],
  ['issue-create', 'POST', /^\/repos\/[^/]+\/[^/]+\/issues$/],
  ['issue-update', 'PATCH', /^\/repos\/[^/]+\/[^/]+\/issues\/\d+$/],
  ['check-create', 'POST', /^\/repos\/[^/]+\/[^/]+\/check-runs$/],
  ['check-update', 'PATCH', /^\/repos\/[^/]+\/[^/]+\/check-runs\/\d+$/],
  ['check-list', 'GET', /^\/repos\/[^/]+\/[^/]+\/(commits\/[^/]+|check-suites\/\d+)\/check-runs$/],
  ['check-read', 'GET', /^\/repos\/[^/]+\/[^/]+\/check-runs\/\d+$/],
  ['oidc', 'GET', /^\/_services\/token\/\.well-known\/(openid-configuration|jwks)$/],
  ['webhook', 'POST', /^\/webhooks\/[^/]+\/[^/]+$/],
  ['issue-read', 'GET', /^\/repos\/[^/]+\/[^/]+\/issues(\/\d+)?$/],
];

export function operationOf(method: string, path: string): Operation {
  return OPERATIONS.find(([, verb, pattern]) => verb === method && pattern.test(path))?.[0] ?? 'other';
}
