import type { FastifyInstance } from 'fastify';
import type { EmulatorContext } from '../server/context.ts';
import { addActionsPages } from './actions-pages.ts';
import { addCheckPages } from './check-pages.ts';
import { addIssuePages } from './issue-pages.ts';
import { addOwnerPages } from './owner-pages.ts';
import { addRepositoryPages } from './repository-pages.ts';

/** Adds the pages that the `html_url` of owners, repositories, runs, check runs, commits, files and issues leads to. */
export function addPages(app: FastifyInstance, context: EmulatorContext): void {
  addOwnerPages(app, context);
  addRepositoryPages(app, context);
  addActionsPages(app, context);
  addCheckPages(app, context);
  addIssuePages(app, context);
}
