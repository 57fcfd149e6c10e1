import { ArrowRightIcon, LinkExternalIcon } from '@primer/octicons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '../api/client.ts';
import { hiddenName } from '../words/hidden-name.ts';
import { workflowFile } from '../words/names.ts';
import { nameOfRequester, repositoryOfSource, workflowOfSource } from '../words/route-labels.ts';
import styles from './route-name.module.css';

type Route = Schemas['Route'];

/** The source of a route: `octo-org/app ci.yml`, or the name of an API key, schedule or webhook. */
export function SourceName({ source }: { readonly source: Route['source'] }) {
  const name = nameOfRequester(source);
  if (name !== null) return <span className={styles.workflow}>{name}</span>;
  return <WorkflowName repository={repositoryOfSource(source) ?? ''} workflow={workflowOfSource(source) ?? ''} />;
}

/** The target of a route: `octo-org/deploy cd.yml`, or a repository and the type of a `repository_dispatch` event. */
export function TargetName({ target }: { readonly target: Route['target'] }) {
  if ('workflow' in target) return <WorkflowName repository={target.repository} workflow={target.workflow} />;
  return (
    <span className={styles.name}>
      <span className={styles.repository}>{target.repository}</span>{' '}
      <span className={styles.workflow}>event {target.eventType}</span>
    </span>
  );
}

export function WorkflowName({ repository, workflow }: { readonly repository: string; readonly workflow: string }) {
  if (repository === hiddenName) return <Hidden />;
  return (
    <span className={styles.name}>
      <span className={styles.repository}>{repository}</span>{' '}
      <span className={styles.workflow}>{workflowFile(workflow)}</span>
    </span>
  );
}

/** A route as one line: `octo-org/app ci.yml → octo-org/deploy cd.yml`. */
export function RouteName({ route }: { readonly route: Route }) {
  return (
    <span className={styles.route}>
      <SourceName source={route.source} />
      <ArrowRightIcon className={styles.arrow ?? ''} aria-label="starts" />
      <TargetName target={route.target} />
    </span>
  );
}

/** In place of the name of a repository that the viewer may not see. */
const Hidden = () => <span className={styles.repository}>a repository that you may not see</span>;

/** A link to the page of a repository. */
export function RepositoryLink({ repository }: { readonly repository: string }) {
  if (repository === hiddenName) return <Hidden />;
  const [owner = '', name = ''] = repository.split('/');
  return (
    <Link to="/repositories/$owner/$name" params={{ owner, name }}>
      {repository}
    </Link>
  );
}

/** A link that leaves the dashboard, mostly to GitHub. */
export function ExternalLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <a className={styles.external} href={href} rel="noreferrer">
      {children}
      <LinkExternalIcon size={12} aria-label="on GitHub" />
    </a>
  );
}

/** A decision code such as `inbound-no-match`. */
export const CodeLabel = ({ code }: { readonly code: string }) => <span className={styles.code}>{code}</span>;
