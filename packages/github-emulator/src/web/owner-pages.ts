import type { FastifyInstance } from 'fastify';
import type { EmulatorContext } from '../server/context.ts';
import type { Repository } from '../state/entities.ts';
import { sameName } from '../state/state-store.ts';
import { html, type Html } from './html.ts';
import { emptyState, label, pathOfRepository, sendNotFound, sendPage, time } from './page.ts';

/** Adds the list of all repositories, the pages of owners, and the page of the App. */
export function addOwnerPages(app: FastifyInstance, context: EmulatorContext): void {
  app.get('/', (_request, reply) => {
    const { repositories, owners } = context.store.state;
    const withRepositories = owners.filter(({ login }) => repositories.some(({ owner }) => sameName(owner, login)));
    const sections = withRepositories.map(
      ({ login }) => html`<h2><a href="/${login}">${login}</a></h2>${repositoryList(repositoriesOf(context, login))}`,
    );
    const body = html`<h1>Repositories of the GitHub emulator</h1>
      <p class="meta">They exist on this machine only. <code>npm run github -- help</code> lists the commands that change them.</p>
      ${sections}`;
    return sendPage(context, reply, { title: 'Repositories', body });
  });
  app.get<{ Params: { owner: string } }>('/:owner', (request, reply) => {
    const owner = context.store.owner(request.params.owner);
    if (owner === undefined) return sendNotFound(context, request, reply);
    const installation = context.store.installationOfAccount(owner.login);
    const body = html`<h1>${owner.login}</h1>
      <p class="meta">${owner.type}${
        installation === undefined
          ? ', the App is not installed'
          : `, installation ${installation.id} of the App${installation.suspendedAt === null ? '' : ', suspended'}`
      }</p>
      <h2>Repositories</h2>
      ${repositoryList(repositoriesOf(context, owner.login))}`;
    return sendPage(context, reply, { title: owner.login, body });
  });
  app.get<{ Params: { slug: string } }>('/apps/:slug', (request, reply) => {
    const { app: registered, installations } = context.store.state;
    if (registered.slug !== request.params.slug) return sendNotFound(context, request, reply);
    const permissions = Object.entries(registered.permissions).map(([name, level]) => html`<li>${name}: ${level}</li>`);
    const body = html`<h1>${registered.name}</h1>
      <p class="meta">GitHub App ${registered.id}, subscribed to ${registered.events.join(', ') || 'no events'}</p>
      <h2>Permissions</h2><ul>${permissions}</ul>
      <h2>Installations</h2><ul>${installations.map(
        ({ account, suspendedAt }) =>
          html`<li><a href="/${account}">${account}</a>${suspendedAt === null ? null : ' (suspended)'}</li>`,
      )}</ul>
      <p><a href="/apps/${registered.slug}/installations/new">Install on another account</a></p>`;
    return sendPage(context, reply, { title: registered.name, body });
  });
}

function repositoriesOf(context: EmulatorContext, login: string): Repository[] {
  return context.store.state.repositories
    .filter(({ owner }) => sameName(owner, login))
    .sort((left, right) => left.name.localeCompare(right.name));
}

function repositoryList(repositories: readonly Repository[]): Html {
  if (repositories.length === 0) return emptyState('No repositories.');
  const items = repositories.map(
    (repository) =>
      html`<li><span class="main"><a href="${pathOfRepository(repository)}">${repository.name}</a> ${label(
        repository.visibility,
      )}</span><span class="muted">pushed ${time(repository.pushedAt)}</span></li>`,
  );
  return html`<ul class="box">${items}</ul>`;
}
