import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { descriptionFile, environmentOf, terraformDescription } from './terraform-description.ts';

// What can be said of the Terraform files without Terraform; `npm run terraform` says the rest.

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(`${root}infrastructure/terraform/${file}`, 'utf8');
const environments = ['environments/dev', 'environments/prod'];
const roots = ['ecr', ...environments];

interface Variable {
  readonly name: string;
  readonly body: string;
}

function variablesOf(folder: string): Variable[] {
  const blocks = read(`${folder}/variables.tf`).matchAll(/^variable "([a-z_]+)" \{\n(.*?)^\}/gms);
  return [...blocks].map(([, name = '', body = '']) => ({ name, body }));
}

describe('the description that Terraform reads', () => {
  test('is what topology, tables and configurations say today (else: npm run docs)', () => {
    expect(JSON.parse(readFileSync(descriptionFile, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(terraformDescription())),
    );
  });

  test('a secret comes by its ARN and is required; what may be left out is optional', () => {
    const schema = {
      shape: { TABLE: 0, KEY: 0, KEY_ARN: 0, LEVEL: 0, ADMIN_LISTENS_ON: 0 },
      safeParse: () => ({ error: { issues: [{ path: ['TABLE'] }] } }),
    };
    expect(environmentOf(schema)).toEqual({ required: ['KEY_ARN', 'TABLE'], optional: ['LEVEL'] });
  });

  test('the password of the admin API is optional: with a provider there is none', () => {
    const { required, optional } = terraformDescription().functions['admin']?.environment ?? {};
    expect(required).not.toContain('ADMIN_BASIC_PASSWORD_ARN');
    expect(optional).toContain('ADMIN_BASIC_PASSWORD_ARN');
  });

  test('each function has the variables without which it does not start', () => {
    for (const { environment } of Object.values(terraformDescription().functions)) {
      expect(environment.required.length).toBeGreaterThan(0);
    }
  });
});

describe('the roots', () => {
  test('both environments have the same variables, so that what works in dev works in prod', () => {
    const [dev = '', prod = ''] = environments.map((folder) => read(`${folder}/variables.tf`));
    expect(prod).toBe(dev);
  });

  test.each(roots)('%s: at most 25 variables, each typed and described', (folder) => {
    const variables = variablesOf(folder);
    expect(variables.length).toBeGreaterThan(0);
    expect(variables.length).toBeLessThanOrEqual(25);
    for (const { body } of variables) {
      expect(body).toMatch(/^ {2}type +=/m);
      expect(body).toMatch(/^ {2}description += "[A-Z][^"]{20,}/m);
    }
  });

  // Which names these two take is known to the module that reads the description, and is validated there.
  const validatedBelow = new Set(['settings', 'table_names']);

  test.each(roots)('%s: a wrong value is refused with a sentence that says what is right', (folder) => {
    for (const { name, body } of variablesOf(folder)) {
      const validated = validatedBelow.has(name) ? variableBody('modules/dispatcher', name) : body;
      expect(`${name}: ${/error_message += "(.*)"/.exec(validated)?.[1] ?? ''}`).toMatch(/: .{30,}/);
    }
  });

  test.each(roots)(
    '%s: the state is encrypted and locked by S3 itself, and where it is nobody has written',
    (folder) => {
      const [, backend = ''] = /backend "s3" \{\n(.*?)\}/s.exec(read(`${folder}/versions.tf`)) ?? [];
      const settings = backend
        .trim()
        .split('\n')
        .map((line) => line.replaceAll(/\s+/g, ' ').trim());
      expect(settings).toEqual(['encrypt = true', 'use_lockfile = true']);
    },
  );

  test.each(roots)('%s: every resource has the cost tags, and names its application', (folder) => {
    const text = read(`${folder}/versions.tf`) + read(`${folder}/main.tf`);
    expect(text).toMatch(/default_tags \{\n +tags = merge\(var\.cost_tags, /);
    expect(text).toMatch(/application += "dispatcher"/);
  });

  test.each(environments)('%s: every resource names its environment', (folder) => {
    expect(read(`${folder}/main.tf`)).toContain(`environment = "${folder.split('/')[1]}"`);
  });
});

function variableBody(folder: string, name: string): string {
  return variablesOf(folder).find((variable) => variable.name === name)?.body ?? '';
}

// A file that was deleted and not committed yet is still listed.
function filesIn(...folders: string[]): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', ...folders];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n');
  return listed.filter((file) => file !== '' && existsSync(root + file));
}

describe('secrets', () => {
  const files = filesIn('infrastructure').filter((file) => file.endsWith('.tf'));

  test('no value of a secret passes through Terraform', () => {
    expect(files.length).toBeGreaterThan(0);
    for (const file of files)
      expect(readFileSync(root + file, 'utf8')).not.toMatch(/secretsmanager_secret_version|secret_string/);
  });
});

describe('alarms and dashboard', () => {
  const sources = filesIn('functions', 'packages').filter(
    (file) => /\/src\/.*\.ts$/.test(file) && !file.includes('.test.'),
  );
  const text = read('modules/alarms/main.tf');
  const used = [
    ...text.matchAll(/namespace += "Dispatcher",? metric += "(\w+)"/g),
    ...text.matchAll(/MetricName=\\"(\w+)\\"/g),
    ...text.matchAll(/SELECT MIN\((\w+)\)/g),
    ...text.matchAll(/\["Dispatcher", "(\w+)"/g),
  ].map(([, name = '']) => name);

  test('they look at metrics that the functions write', () => {
    const written = new Set(
      sources.flatMap((file) =>
        [...readFileSync(root + file, 'utf8').matchAll(/\.(?:count|milliseconds)\(\s*'(\w+)'/g)].map(
          ([, name]) => name,
        ),
      ),
    );
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => !written.has(name))).toEqual([]);
  });
});

describe('the page about the AWS resources', () => {
  const page = readFileSync(`${root}docs/reference/aws-resources.md`, 'utf8');
  const { eventSources, queues, tables, schedules } = terraformDescription();

  test('has every queue, table, index and schedule', () => {
    const names = [
      ...Object.entries(queues).flatMap(([name, { deadLetterQueue }]) => [name, deadLetterQueue]),
      ...Object.entries(tables).flatMap(([name, { indexes }]) => [name, ...indexes.map((index) => index.name)]),
      ...Object.keys(schedules),
    ];
    expect(names.filter((name) => !page.includes(name))).toEqual([]);
  });

  test.each(Object.values(eventSources))('says how $function reads its queue', (source) => {
    const window = source.batchingWindow === 0 ? '' : ` or ${source.batchingWindow} s`;
    expect(page).toContain(`${source.batchSize} at a time${window}, at most ${source.maximumConcurrency} readers`);
  });
});
