import { readFileSync } from 'node:fs';
import { terraformDescription } from '../terraform/description.ts';

// Builds docs/reference/settings.md from .env.example and from the variables of Terraform.

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
/** Escapes what Markdown would read as formatting, outside of code. */
const cell = (text: string): string =>
  text.replaceAll(/`[^`]*`|[*|<]/g, (part) => (part.length === 1 ? `\\${part}` : part));

interface Variable {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
}

/** Returns the variables of .env.example. One without a comment of its own shares that of the variable above it. */
export function variablesOf(text: string): readonly Variable[] {
  return text.split(/\n{2,}/).flatMap((paragraph) => {
    let comment: string[] = [];
    let isOpen = false;
    return paragraph.split('\n').flatMap((line): Variable[] => {
      const [, name, value = ''] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
      if (line.startsWith('#')) comment = isOpen ? [...comment, line.slice(2)] : [line.slice(2)];
      isOpen = line.startsWith('#');
      return name === undefined ? [] : [{ name, value, meaning: comment.join(' ') }];
    });
  });
}

/** The variables that Terraform sets itself. */
function setByTerraform(): ReadonlySet<string> {
  const [, list = ''] =
    /settable = setsubtract\([^[]*\[([^\]]*)\]/.exec(
      read('infrastructure/terraform/modules/dispatcher/environment.tf'),
    ) ?? [];
  return new Set([...list.matchAll(/"([A-Z_]+)"/g)].map(([, name = '']) => name));
}

/** Returns how a variable is set on AWS. */
function onAws(name: string, own: ReadonlySet<string>): string {
  const environments = Object.values(terraformDescription().functions).map(({ environment }) => environment);
  const required = new Set(environments.flatMap((each) => each.required));
  const optional = new Set(environments.flatMap((each) => each.optional));
  if (required.has(`${name}_ARN`) || optional.has(`${name}_ARN`)) return 'secret';
  if (required.has(name) || own.has(name)) return 'Terraform';
  return optional.has(name) ? '`environment_variables`' : '–';
}

interface Setting {
  readonly name: string;
  readonly meaning: string;
}

/** Returns the attributes of the variable `settings` of the module, with their comments. */
export function settingsOf(text: string): readonly Setting[] {
  const [, attributes = ''] = /variable "settings" \{\n {2}type = object\(\{\n([\s\S]*?)^ {2}\}\)/m.exec(text) ?? [];
  return [...attributes.matchAll(/((?:^ {4}# .*\n)+)^ {4}(\w+) +=/gm)].map(([, comment = '', name = '']) => ({
    name,
    meaning: comment
      .replaceAll(/^ {4}# /gm, '')
      .trim()
      .replaceAll('\n', ' '),
  }));
}

/** Returns the text of docs/reference/settings.md. */
export function settingsPage(): string {
  const own = setByTerraform();
  const variables = variablesOf(read('.env.example')).map(
    ({ name, value, meaning }) =>
      `| \`${name}\` | ${value === '' ? '–' : `\`${value}\``} | ${cell(meaning)} | ${onAws(name, own)} |`,
  );
  const settings = settingsOf(read('infrastructure/terraform/modules/dispatcher/variables.tf')).map(
    ({ name, meaning }) => `| \`${name}\` | ${cell(meaning)} |`,
  );
  return `# Settings

Generated from \`.env.example\` and from \`infrastructure/terraform/modules/dispatcher/variables.tf\`.

## Environment variables

On your machine, write them into \`.env\`. On AWS it depends on the last column:

- **\`environment_variables\`**: set it below this key in \`TERRAFORM_VARIABLES\` ([deploy](../deploy.md#settings)). All values are text:

  \`\`\`json
  { "environment_variables": { "MAX_TARGETS_PER_RUN": "10", "CREATE_ISSUES": "false" } }
  \`\`\`

- **secret**: \`dispatcher app create\` or \`dispatcher secrets set\` writes it into Secrets Manager.
- **Terraform**: Terraform sets it, from the [settings below](#settings-of-an-environment) or from the App.
- –: it is for your machine only.

A value that is not valid is refused at the start, with what to write instead. Lists of repositories and workflows are globs, separated by
commas, in which \`*\` does not match \`/\`; an empty one limits nothing.

| variable | in \`.env.example\` | meaning | on AWS |
| --- | --- | --- | --- |
${variables.join('\n')}

The command line has [variables of its own](../guide/admin-access.md#use-the-command-line).

## Settings of an environment

The keys of \`TERRAFORM_VARIABLES\`, a JSON object. Each has a default; a plan fails for a key that does not exist and for a value that is not
valid, and says what is accepted.

| key | meaning |
| --- | --- |
${settings.join('\n')}
`;
}
