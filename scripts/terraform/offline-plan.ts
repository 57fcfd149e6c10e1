import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resourcesOf, type StateModule } from './comparisons.ts';
import { terraform } from './command.ts';

// A plan with the real provider, which validates names, lengths and combinations where a mock provider does not. It needs
// no AWS account, because the state is empty and no data source calls AWS. The access keys are never used.
const override = `
terraform {
  backend "local" {}
}
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "unused"
  secret_key                  = "unused"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
`;

const digest = `sha256:${'0'.repeat(64)}`;
const variables = {
  github_app_id: '1',
  github_app_slug: 'our-app',
  settings: { cost_tags: { team: 'ours' } },
  images: Object.fromEntries(
    ['ingress', 'planning', 'dispatch', 'facts', 'admin'].map((name) => [name, `registry.invalid/${name}@${digest}`]),
  ),
};

/** Plans the environment whose root module is in `root`. @returns the problem found, or null */
export function realPlanProblem(root: string, environment: string, initArguments: readonly string[]): string | null {
  writeFileSync(join(root, 'offline_override.tf'), override);
  writeFileSync(join(root, 'offline.auto.tfvars.json'), JSON.stringify(variables));
  for (const args of [
    ['init', '-reconfigure', '-no-color', ...initArguments],
    ['plan', '-no-color', '-out=offline.tfplan'],
  ]) {
    const { succeeded, output } = terraform(root, args);
    if (!succeeded) return output;
  }
  const shown = terraform(root, ['show', '-json', 'offline.tfplan']);
  if (!shown.succeeded) return shown.output;
  // The plan is one line. Warnings about the CLI configuration may surround it.
  const line = shown.output.split('\n').find((text) => text.startsWith('{')) ?? '{}';
  const { planned_values: planned } = JSON.parse(line) as {
    readonly planned_values: { readonly root_module: StateModule };
  };
  return untagged(planned.root_module, { application: 'dispatcher', environment, team: 'ours' });
}

function untagged(module: StateModule, expected: Readonly<Record<string, string>>): string | null {
  const taggable = resourcesOf(module).filter(({ values }) => 'tags_all' in values);
  const wrong = taggable.filter(({ values }) =>
    Object.entries(expected).some(([key, tag]) => (values['tags_all'] as Record<string, string>)[key] !== tag),
  );
  if (taggable.length === 0) return 'No resource has tags.';
  return wrong.length === 0
    ? null
    : `Without the cost tags: ${wrong.map(({ type, name }) => `${type}.${name}`).join(', ')}`;
}
