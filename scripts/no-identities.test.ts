import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Accounts are configured at run time. An account id, role or key in a file outlives its account and helps an attacker.

const root = fileURLToPath(new URL('..', import.meta.url));
const binary = /\.(png|jpg|ico|woff2?)$/;
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && !binary.test(file) && existsSync(root + file));

// Tests generate their keys. The placeholder account 000000000000 cannot exist.
const identities: Readonly<Record<string, RegExp>> = {
  'an ARN with an account': /\barn:aws[\w-]*:[\w-]*:[\w-]*:(?!0{12}\b)\d{12}\b/,
  'an AWS account id': /\b(?:account[_-]?ids?|aws[_-]?account|reading_accounts)\W{1,6}(?!0{12}\b)\d{12}\b/i,
  'a registry of an account': /\b(?!0{12}\b)\d{12}\.dkr\.ecr\./,
  'a queue of an account': /\bsqs\.[\w-]+\.amazonaws\.com\/(?!0{12}\b)\d{12}\b/,
  'the ARN of a role': /\barn:aws[\w-]*:iam::\d{12}:(?:assumed-)?role\//,
  'an access key': /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  'a GitHub token': /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})\b/,
  'a private key': /-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}/,
};

// Reserved mail domains (RFC 2606), those of GitHub, and text that only looks like an address.
const placeholderAddress =
  /@(?:[\w.-]*\.)?(?:example\.(?:com|org|net)|example|invalid|test|localhost|users\.noreply\.github\.com|noreply\.github\.com|github\.com)$/i;
const address =
  /(?<![\w.+/:@-])[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:com|org|net|io|dev|de|ch|uk|eu|me|co|edu|gov)\b/g;

function findings(text: string): string[] {
  const found = Object.entries(identities).flatMap(([what, pattern]) => {
    const [hit] = pattern.exec(text) ?? [];
    return hit === undefined ? [] : [`${what}: ${hit.slice(0, 60)}`];
  });
  const mail = [...text.matchAll(address)].map(([hit]) => hit).filter((hit) => !placeholderAddress.test(hit));
  return [...found, ...mail.map((hit) => `an e-mail address: ${hit}`)];
}

describe('no identities', () => {
  const twelve = '1234'.repeat(3);
  test.each([
    `arn:aws:iam::${twelve}:role/deployer`,
    `arn:aws-us-gov:sqs:us-gov-west-1:${twelve}:runs`,
    `account_id = "${twelve}"`,
    `${twelve}.dkr.ecr.eu-west-1.amazonaws.com/dispatcher`,
    `https://sqs.eu-west-1.amazonaws.com/${twelve}/runs`,
    `AKIA${'ABCD'.repeat(4)}`,
    `ghp_${'a'.repeat(36)}`,
    `-----BEGIN RSA PRIVATE KEY-----\n${'A'.repeat(64)}`,
    ['write to somebody', 'company.com'].join('@'),
  ])('an identity is reported: %s', (text) => {
    expect(findings(text)).not.toEqual([]);
  });

  test.each([
    'arn:aws:sqs:us-east-1:000000000000:runs',
    'arn:aws:iam:::role/mock',
    'octocat@users.noreply.github.com',
    'someone@example.com',
    'actions/checkout@v7.0.1',
    'git@github.com:octo-org/app.git',
    'public.ecr.aws/lambda/nodejs:24@sha256:aaaa',
  ])('a placeholder is not reported: %s', (text) => {
    expect(findings(text)).toEqual([]);
  });

  test('no file of the repository names an account, a role, a key or a mailbox', () => {
    expect(files.length).toBeGreaterThan(100);
    const found = files.flatMap((file) => findings(readFileSync(root + file, 'utf8')).map((hit) => `${file}: ${hit}`));
    expect(found).toEqual([]);
  });
});
