import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { factsWithoutChecks, RouteDecided, RunPlanned } from '@dispatcher/contracts';
import { publishedFacts } from '@dispatcher/topology';
import { descriptionFile, environmentOf, terraformDescription } from './description.ts';

// Checks of the Terraform files that do not need Terraform; `npm run terraform` does the others.

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(`${root}infrastructure/terraform/${file}`, 'utf8');
const environments = ['environments/dev', 'environments/prod'];
const roots = ['bootstrap', ...environments];

interface Variable {
  readonly name: string;
  readonly body: string;
}

function variablesOf(folder: string): Variable[] {
  const blocks = read(`${folder}/variables.tf`).matchAll(/^variable "([a-z_]+)" \{\n(.*?)^\}/gms);
  return [...blocks].map(([, name = '', body = '']) => ({ name, body }));
}

describe('the description that Terraform reads', () => {
  test('matches topology, tables and configurations (else: npm run docs)', () => {
    expect(JSON.parse(readFileSync(descriptionFile, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(terraformDescription())),
    );
  });

  test('a role may publish every kind of fact', () => {
    const schemas = [RunPlanned, RouteDecided, ...Object.values(factsWithoutChecks)];
    const types = schemas.map(({ shape }) => shape.type.def.values[0] as string);
    const permitted = new Set<string>(Object.values(publishedFacts).flat());
    expect(types.filter((type) => !permitted.has(type))).toEqual([]);
  });

  test('a secret is required by its ARN; a variable with a default is optional', () => {
    const schema = {
      shape: { TABLE: 0, KEY: 0, KEY_ARN: 0, LEVEL: 0, ADMIN_LISTENS_ON: 0 },
      safeParse: () => ({ error: { issues: [{ path: ['TABLE'] }] } }),
    };
    expect(environmentOf(schema)).toEqual({ required: ['KEY_ARN', 'TABLE'], optional: ['LEVEL'] });
  });

  test('the password of the admin API is optional, because an OpenID Connect provider replaces it', () => {
    const { required, optional } = terraformDescription().functions['admin']?.environment ?? {};
    expect(required).not.toContain('ADMIN_BASIC_PASSWORD_ARN');
    expect(optional).toContain('ADMIN_BASIC_PASSWORD_ARN');
  });

  test('each function has required variables', () => {
    for (const { environment } of Object.values(terraformDescription().functions)) {
      expect(environment.required.length).toBeGreaterThan(0);
    }
  });
});

describe('the variables', () => {
  const module = 'modules/dispatcher';

  test.each(['bootstrap', 'modules/registry', module])(
    '%s: each variable is typed, described and validated',
    (folder) => {
      const variables = variablesOf(folder).filter(({ body }) => !/type += bool$/m.test(body));
      expect(variables.length).toBeGreaterThan(0);
      for (const { name, body } of variables) {
        expect(body).toMatch(/^ {2}type +=/m);
        expect(body).toMatch(/^ {2}description += "[A-Z][^"]{20,}/m);
        expect(`${name}: ${errorMessages(body).join()}`).toMatch(/: .{30,}/);
      }
    },
  );

  test('each setting is described and validated, with a message that begins with its name', () => {
    const settings = variablesOf(module).find(({ name }) => name === 'settings')?.body ?? '';
    const [type = ''] = settings.split(/^ {2}\}\)$/m);
    const attributes = [...type.matchAll(/^ {4}([a-z_]+) += /gm)].map(([, name = '']) => name);
    expect(attributes.length).toBeGreaterThan(10);
    for (const name of attributes) {
      expect(type).toMatch(new RegExp(`^ {4}# [A-Z].*(?:\\n {4}# .+)*\\n {4}${name} += `, 'm'));
      expect(errorMessages(settings)).toContainEqual(expect.stringMatching(new RegExp(`^${name}\\b.{25,}`)));
    }
  });

  test('both environments have the same variables and outputs, so that what works in dev works in prod', () => {
    for (const file of ['variables.tf', 'outputs.tf']) {
      const [dev, prod] = environments.map((folder) => read(`${folder}/${file}`));
      expect(prod).toBe(dev);
    }
  });

  test('the environments differ in their names and four values, and each is one call of the module', () => {
    const [dev = [], prod = []] = environments.map((folder) => read(`${folder}/main.tf`).split('\n'));
    const differing = dev.filter((line, at) => line !== prod[at]).map((line) => line.trim().split(/ += /)[0]);
    expect(prod).toHaveLength(dev.length);
    expect(differing).toEqual(['tags', 'environment', 'deletion_protection', 'settings']);
    expect(dev.filter((line) => /^(?:module|resource|data|locals)\b/.test(line))).toEqual(['module "dispatcher" {']);
  });
});

function errorMessages(body: string): string[] {
  return [...body.matchAll(/error_message += "(.*)"/g)].map(([, message = '']) => message);
}

const textOf = (folder: string) =>
  filesIn(`infrastructure/terraform/${folder}`)
    .filter((file) => file.endsWith('.tf'))
    .map((file) => readFileSync(root + file, 'utf8'))
    .join('\n');

describe('the roots', () => {
  test.each(roots)('%s: the state is encrypted and locked by S3, and no file names its bucket', (folder) => {
    const [, backend = ''] = /backend "s3" \{\n(.*?)\}/s.exec(textOf(folder)) ?? [];
    const settings = backend
      .trim()
      .split('\n')
      .map((line) => line.replaceAll(/\s+/g, ' ').trim());
    expect(settings).toEqual(['encrypt = true', 'use_lockfile = true']);
  });

  test.each(roots)('%s: every resource has the cost tags and the application tag', (folder) => {
    expect(textOf(folder)).toMatch(
      /default_tags \{\n +tags = merge\((?:try\(var\.settings\.cost_tags, \{\}\)|var\.cost_tags), \{ application = "dispatcher"/,
    );
  });

  test.each(environments)('%s: the tags and the names of all resources contain the environment', (folder) => {
    const name = folder.split('/')[1];
    expect(textOf(folder)).toMatch(new RegExp(`tags = .*, environment = "${name}" \\}\\)`));
    expect(textOf(folder)).toMatch(new RegExp(`^  environment +?= "${name}"$`, 'm'));
  });
});

// git still lists a file whose deletion is not committed yet.
function filesIn(...folders: string[]): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', ...folders];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n');
  return listed.filter((file) => file !== '' && existsSync(root + file));
}

describe('secrets', () => {
  const files = filesIn('infrastructure').filter((file) => file.endsWith('.tf'));

  test('Terraform never handles the value of a secret', () => {
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
    ...text.matchAll(/namespace += var\.namespace,? metric += "(\w+)"/g),
    ...text.matchAll(/MetricName=\\"(\w+)\\"/g),
    ...text.matchAll(/SELECT MIN\((\w+)\)/g),
    ...text.matchAll(/\[var\.namespace, "(\w+)"/g),
  ].map(([, name = '']) => name);

  test('they use only metrics that the functions write', () => {
    const written = new Set(
      sources.flatMap((file) =>
        [...readFileSync(root + file, 'utf8').matchAll(/\.(?:count|milliseconds)\(\s*'(\w+)'/g)].map(
          ([, name]) => name,
        ),
      ),
    );
    for (const [, name = ''] of text.matchAll(/metric_transformation \{[^}]*?name += "(\w+)"/g)) written.add(name);
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => !written.has(name))).toEqual([]);
  });

  test('every alarm links a page of docs/runbooks, and a heading of it', () => {
    const links = [...text.matchAll(/runbook += "([^"#]+)(?:#([^"]+))?"|runbooks_url\}\/([^"#]+)(?:#([^"]+))?"/g)];
    expect(links.length).toBeGreaterThan(10);
    for (const [, page = '', heading, otherPage = page, otherHeading = heading] of links) {
      if (otherPage.includes('$')) continue;
      const lines = readFileSync(`${root}docs/runbooks/${otherPage}`, 'utf8').split('\n');
      const anchors = lines
        .filter((line) => line.startsWith('#'))
        .map((line) => line.replace(/^#+ /, '').toLowerCase());
      expect(otherHeading === undefined || anchors.includes(otherHeading.replaceAll('-', ' '))).toBe(true);
    }
  });

  test('the filter of deliveries matches the log line of ingress and its field', () => {
    const ingress = read('../../functions/ingress/src/receive-delivery.ts');
    const [, message = 'none'] = /\$\.message = \\"([^"\\]+)\\"/.exec(text) ?? [];
    const [, field = 'none'] = /dimensions = \{ (\w+) = "\$\.\1" \}/.exec(text) ?? [];
    expect(ingress).toContain(`('${message}', {\n    ${field}:`);
  });

  test('the searches of the dashboard use the dimensions that the functions write', () => {
    const code = sources.map((file) => readFileSync(root + file, 'utf8')).join('\n');
    const searches = [...text.matchAll(/\{\$\{var\.namespace\},service,([\w,]+)\} MetricName=\\"(\w+)\\"/g)];
    expect(searches.length).toBeGreaterThan(2);
    for (const [, searched = '', metric = ''] of searches) {
      const [, written = ''] = new RegExp(`\\.count\\(\\s*'${metric}',\\s*\\{([^}]*)\\}`).exec(code) ?? [];
      const dimensions = [...written.matchAll(/(?:^|,)\s*(\w+)/g)].map(([, name]) => name);
      expect({ metric, dimensions }).toEqual({ metric, dimensions: searched.split(',') });
    }
  });
});

describe('the page about the AWS resources', () => {
  const page = readFileSync(`${root}docs/reference/aws-resources.md`, 'utf8');
  const { eventSources, queues, tables, schedules } = terraformDescription();

  test('names every queue, table, index and schedule', () => {
    const names = [
      ...Object.entries(queues).flatMap(([name, { deadLetterQueue }]) => [name, deadLetterQueue]),
      ...Object.entries(tables).flatMap(([name, { indexes }]) => [name, ...indexes.map((index) => index.name)]),
      ...Object.keys(schedules),
    ];
    expect(names.filter((name) => !page.includes(name))).toEqual([]);
  });

  test('has a row for every alarm', () => {
    const alarms = readFileSync(`${root}infrastructure/terraform/modules/alarms/main.tf`, 'utf8');
    const ofOneMetric = alarms.slice(0, alarms.indexOf('resource "'));
    const names = [
      ...[...ofOneMetric.matchAll(/^ {6}([a-z-]+) = \{$/gm)].map(([, name = '']) => name),
      ...[...alarms.matchAll(/: "([a-z-]+)-\$\{name\}" =>/g)].map(([, name = '']) => `${name}-*`),
      ...[...alarms.matchAll(/alarm_name += "\$\{var\.name\}-([a-z-]+)(-\$\{each\.key\})?"/g)].map(
        ([, name = '', key]) => (key === undefined ? name : `${name}-*`),
      ),
    ];
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  });

  test.each(Object.values(eventSources))('states how $function reads its queue', (source) => {
    const window = source.batchingWindow === 0 ? '' : ` or ${source.batchingWindow} s`;
    expect(page).toContain(`${source.batchSize} at a time${window}, at most ${source.maximumConcurrency} readers`);
  });
});
