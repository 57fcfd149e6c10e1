import { appEvents, appFeatures, appPermissions, type NeededEvent, type NeededPermission } from '@dispatcher/contracts';

/** Permissions that the operator may add. The manifest requests those of a feature only with `--with`. */
export const optIn: readonly NeededPermission[] = [
  {
    key: 'contents',
    name: 'Contents',
    level: 'write',
    purpose: 'sending a repository_dispatch for an API key (POST /dispatch with an event_type)',
    without: 'such a request is denied as app-permission-missing; everything else works',
  },
  ...appFeatures.flatMap((feature) => feature.permissions),
];

/** Events of the optional features. */
export const optInEvents: readonly NeededEvent[] = appFeatures.flatMap((feature) => feature.events);

/** Returns the level as GitHub's settings page names it. */
export function levelName(level: NeededPermission['level']): string {
  return level === 'write' ? 'read and write' : 'read';
}

function row({ name, level, purpose, without }: NeededPermission): string {
  return `| ${name}: ${levelName(level)} | ${purpose} | ${without} |`;
}

const eventRow = ({ name, key, without }: NeededEvent) => `| ${name} (\`${key}\`) | ${without} |`;

/** Renders docs/reference/permissions.md. */
export function permissionsPage(): string {
  const rows = appPermissions.map(row);
  return `# Permissions of the App

Generated from \`packages/contracts/src/app-permissions.ts\`: \`dispatcher app create\` builds the manifest from it, and
\`dispatcher app check\` and \`dispatcher doctor\` compare the App with it.

Repository permissions:

| permission | purpose | without it |
| --- | --- | --- |
${rows.join('\n')}

Optional: the manifest requests them only with \`dispatcher app create --with NAME\` (${appFeatures.map(({ name }) => name).join(', ')}). For an
existing App, add them on the App's settings page if you need their purpose; GitHub then asks every installation's owner to accept
them. \`contents: write\` lets the App write every file of a repository, so a stolen private key does more harm:

| permission | purpose | without it |
| --- | --- | --- |
${optIn.map(row).join('\n')}

Events:

| event | without it |
| --- | --- |
${appEvents.map(eventRow).join('\n')}

Optional events:

| event | without it |
| --- | --- |
${optInEvents.map(eventRow).join('\n')}

Only \`members\` is a permission of an organization; the App needs none of an account. The tokens that Dispatcher mints are narrower: read access, or write
access to one repository with one permission.
`;
}
