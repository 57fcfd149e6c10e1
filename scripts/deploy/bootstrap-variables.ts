// Prints the variables of infrastructure/terraform/bootstrap as JSON: the repository of the argument, its numeric IDs, the
// bucket of STATE_BUCKET, and those of BOOTSTRAP_VARIABLES.
const [repository] = process.argv.slice(2);
const { GH_TOKEN: token, STATE_BUCKET: state_bucket, BOOTSTRAP_VARIABLES } = process.env;
const apiUrl = process.env['GITHUB_API_URL'] || 'https://api.github.com';
if (repository === undefined) throw new Error('usage: node scripts/deploy/bootstrap-variables.ts OWNER/REPOSITORY');

/** Returns the numeric IDs of the repository and its owner; null if GitHub does not show the repository. */
async function findIds(): Promise<{ owner: string; repository: string } | null> {
  const response = await fetch(`${apiUrl}/repos/${repository}`, {
    headers: {
      accept: 'application/vnd.github+json',
      'user-agent': 'dispatcher',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
  }).catch(() => null);
  if (!response?.ok) {
    console.error(
      `deploy: GitHub does not show ${repository}, so its IDs are unknown: set GH_TOKEN or run gh auth login. ` +
        'Roles trust the subject with names only, which a repository created or renamed since July 2026 does not send.',
    );
    return null;
  }
  const found = (await response.json()) as { readonly id: number; readonly owner: { readonly id: number } };
  return { owner: String(found.owner.id), repository: String(found.id) };
}

console.log(
  JSON.stringify({
    repository,
    state_bucket,
    repository_ids: await findIds(),
    ...(JSON.parse(BOOTSTRAP_VARIABLES || '{}') as object),
  }),
);
