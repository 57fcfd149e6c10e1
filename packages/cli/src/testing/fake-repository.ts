import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import nacl from 'tweetnacl';
import { boxKey, nonceOf, rawKeyOf } from '../deploy/sealed-box.ts';

interface Environment {
  reviewers: number[];
  restricted: boolean;
  policies: { name: string; type: string }[];
  variables: Map<string, string>;
  secrets: Map<string, string>;
}

/** GitHub's REST API for the settings of one repository. It opens the sealed boxes of secrets, as GitHub does. */
export interface FakeRepository {
  readonly url: string;
  readonly environments: Map<string, Environment>;
  readonly rulesets: { id: number; name: string; target: string }[];
  /** `METHOD PATH` of each request. */
  readonly requests: string[];
  /** `METHOD PATH` of each request that changes something. */
  readonly changes: string[];
  release: string | null;
  deployment: { status: string; conclusion: string | null; html_url: string } | null;
  /** The status with which every change is refused; null to accept it. */
  refuses: number | null;
  /** The status with which the token's user is refused, as that of an App is with 403; null to return the user. */
  refusesUser: number | null;
  close(): Promise<void>;
}

const name = 'octo-org/dispatcher';

export async function startFakeRepository(): Promise<FakeRepository> {
  const keys = generateKeyPairSync('x25519');
  const fake: Omit<FakeRepository, 'url' | 'close'> = {
    environments: new Map(),
    rulesets: [],
    requests: [],
    changes: [],
    release: null,
    deployment: null,
    refuses: null,
    refusesUser: null,
  };

  const routes: readonly (readonly [RegExp, (parts: readonly string[], body: Body) => unknown])[] = [
    [/^GET \/repos\/[^/]+\/[^/]+$/, () => ({ full_name: name, id: 22, default_branch: 'main', private: false })],
    [/^GET \/user$/, () => ({ id: 1, login: 'octocat' })],
    [/^GET \/users\/hubot$/, () => ({ id: 2, login: 'hubot' })],
    [
      /^GET \S+\/environments\/([^/]+)$/,
      ([environment = '']) => environmentResponse(fake.environments.get(environment)),
    ],
    [
      /^PUT \S+\/environments\/([^/]+)$/,
      ([environment = ''], body) => {
        const found = fake.environments.get(environment) ?? emptyEnvironment();
        found.reviewers = (body.reviewers ?? []).map(({ id }) => id);
        found.restricted = body.deployment_branch_policy?.custom_branch_policies === true;
        fake.environments.set(environment, found);
        return {};
      },
    ],
    [
      /^GET \S+\/environments\/([^/]+)\/deployment-branch-policies$/,
      ([environment = '']) => ({ branch_policies: fake.environments.get(environment)?.policies ?? [] }),
    ],
    [
      /^POST \S+\/environments\/([^/]+)\/deployment-branch-policies$/,
      ([environment = ''], body) => {
        fake.environments.get(environment)?.policies.push({ name: String(body.name), type: String(body.type) });
        return {};
      },
    ],
    [
      /^GET \S+\/environments\/([^/]+)\/variables$/,
      ([environment = '']) => ({
        variables: [...(fake.environments.get(environment)?.variables ?? [])].map(([key, value]) => ({
          name: key,
          value,
        })),
      }),
    ],
    [
      /^(?:POST|PATCH) \S+\/environments\/([^/]+)\/variables(?:\/\w+)?$/,
      ([environment = ''], body) => {
        fake.environments.get(environment)?.variables.set(String(body.name), String(body.value));
        return {};
      },
    ],
    [
      /^GET \S+\/environments\/([^/]+)\/secrets\/public-key$/,
      () => ({ key: Buffer.from(rawKeyOf(keys.publicKey)).toString('base64'), key_id: 'k1' }),
    ],
    [
      /^GET \S+\/environments\/([^/]+)\/secrets$/,
      ([environment = '']) => ({
        secrets: [...(fake.environments.get(environment)?.secrets.keys() ?? [])].map((key) => ({ name: key })),
      }),
    ],
    [
      /^PUT \S+\/environments\/([^/]+)\/secrets\/(\w+)$/,
      ([environment = '', secret = ''], body) => {
        fake.environments.get(environment)?.secrets.set(secret, opened(String(body.encrypted_value), keys));
        return {};
      },
    ],
    [/^GET \S+\/rulesets$/, () => fake.rulesets],
    [
      /^POST \S+\/rulesets$/,
      (_, body) => {
        fake.rulesets.push({ id: fake.rulesets.length + 1, name: String(body.name), target: String(body.target) });
        return {};
      },
    ],
    [/^GET \S+\/releases\/latest$/, () => (fake.release === null ? null : { tag_name: fake.release })],
    [
      /^GET \S+\/actions\/workflows\/deploy\.yml\/runs$/,
      () => ({ workflow_runs: fake.deployment === null ? [] : [fake.deployment] }),
    ],
  ];

  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void (async () => {
      const body = JSON.parse((await text(request)) || '{}') as Body;
      const line = `${request.method} ${new URL(request.url ?? '', 'http://localhost').pathname}`;
      const isChange = request.method !== 'GET';
      fake.requests.push(line);
      if (isChange) fake.changes.push(line.replace(`/repos/${name}`, ''));
      const [route] = routes.flatMap(([pattern, act]) => {
        const match = pattern.exec(line);
        return match === null ? [] : [() => act(match.slice(1).map(decodeURIComponent), body)];
      });
      const refusal = line === 'GET /user' ? fake.refusesUser : isChange ? fake.refuses : null;
      const result = refusal !== null || request.headers.authorization !== 'Bearer t' ? undefined : (route?.() ?? null);
      const status = refusal ?? (result === undefined ? 401 : result === null ? 404 : 200);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(status === 200 ? result : { message: 'Refused' }));
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return Object.assign(fake, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

interface Body {
  readonly name?: string;
  readonly value?: string;
  readonly type?: string;
  readonly target?: string;
  readonly encrypted_value?: string;
  readonly reviewers?: readonly { readonly id: number }[];
  readonly deployment_branch_policy?: { readonly custom_branch_policies: boolean };
}

const emptyEnvironment = (): Environment => ({
  reviewers: [],
  restricted: false,
  policies: [],
  variables: new Map(),
  secrets: new Map(),
});

function environmentResponse(environment: Environment | undefined): object | null {
  if (environment === undefined) return null;
  return {
    protection_rules:
      environment.reviewers.length === 0
        ? []
        : [
            {
              type: 'required_reviewers',
              reviewers: environment.reviewers.map((id) => ({ type: 'User', reviewer: { id } })),
            },
          ],
    deployment_branch_policy: environment.restricted
      ? { protected_branches: false, custom_branch_policies: true }
      : null,
  };
}

/** Opens a sealed box as libsodium does. @throws Error if it was sealed for another key */
function opened(sealed: string, keys: KeyPairKeyObjectResult): string {
  const bytes = new Uint8Array(Buffer.from(sealed, 'base64'));
  const sender = bytes.slice(0, nacl.box.publicKeyLength);
  const nonce = nonceOf(sender, rawKeyOf(keys.publicKey));
  const plain = nacl.secretbox.open(bytes.slice(nacl.box.publicKeyLength), nonce, boxKey(keys.privateKey, sender));
  if (plain === null) throw new Error('The box was sealed for another key.');
  return Buffer.from(plain).toString('utf8');
}
