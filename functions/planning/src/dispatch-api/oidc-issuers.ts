import { isTrustedUrl } from '@dispatcher/lambda';
import * as z from 'zod/mini';

/** The issuer of the tokens of GitHub Actions on github.com. */
const githubIssuer = 'https://token.actions.githubusercontent.com';

/** `OIDC_ISSUERS`: issuers separated by commas. */
export const oidcIssuers = z.pipe(
  z._default(
    z.string().check(
      z.refine((text) => issuersIn(text).every(isTrustedUrl), {
        error: `write https addresses separated by commas, such as ${githubIssuer}`,
      }),
    ),
    githubIssuer,
  ),
  z.transform(issuersIn),
);

function issuersIn(text: string): string[] {
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}
