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
  if (name !== null) return <RequesterName name={name} />;
  return <WorkflowName repository={repositoryOfSource(source) ?? ''} workflow={workflowOfSource(source) ?? ''} />;
}

/** The name of a source that has no repository: `API key nightly`. */
export const RequesterName = ({ name }: { readonly name: string }) => <span className={styles.workflow}>{name}</span>;

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
export const RouteName = ({ route }: { readonly route: Route }) => (
  <RouteLine source={<SourceName source={route.source} />} target={<TargetName target={route.target} />} />
);

interface RouteLineProps {
  readonly source: ReactNode;
  readonly target: ReactNode;
}

/** A source and its target with an arrow between them. */
export const RouteLine = ({ source, target }: RouteLineProps) => (
  <span className={styles.route}>
    {source}{' '}
    <span className={styles.target}>
      <ArrowRightIcon className={styles.arrow ?? ''} aria-label="starts" />
      {target}
    </span>
  </span>
);

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
    <a href={href} rel="noreferrer">
      {children}
      {/* Never alone on a line. */}
      &#8288;
      <LinkExternalIcon size={12} aria-label="on GitHub" className={styles.externalIcon ?? ''} />
    </a>
  );
}

/** A decision code such as `inbound-no-match`. */
export const CodeLabel = ({ code }: { readonly code: string }) => <span className={styles.code}>{code}</span>;
