import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { api, read } from '../../api/client.ts';
import { Filters, TextFilter } from '../../components/filters.tsx';
import { Message } from '../../components/message.tsx';
import { Page, Section } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Blank } from '../../components/states.tsx';
import { type Operation, operationsOf, type OpenApi } from '../../words/operations.ts';
import styles from './api-docs.module.css';

/** The operations of the API, from the document that the API itself returns. */
export function ApiDocsPage() {
  const [filter, setFilter] = useState<string | undefined>();
  const document = useQuery({
    queryKey: ['openapi'],
    queryFn: async ({ signal }) => (await read(api.GET('/api/openapi.json', { signal }))) as unknown as OpenApi,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Page
      title="API"
      lead={
        <>
          Every page of the dashboard reads this API. The whole document: <a href="/api/openapi.json">openapi.json</a>
        </>
      }
    >
      <Filters>
        <TextFilter label="Path or text" placeholder="dispatches" value={filter} change={setFilter} />
      </Filters>
      <QueryView query={document}>
        {(data) => {
          const groups = operationsOf(data, filter ?? '');
          if (groups.length === 0) return <Blank title="No operation matches">Clear the filter.</Blank>;
          return groups.map(({ tag, operations }) => (
            <Section key={tag} title={tag}>
              {operations.map((operation) => (
                <OperationView key={`${operation.method} ${operation.path}`} operation={operation} />
              ))}
            </Section>
          ));
        }}
      </QueryView>
    </Page>
  );
}

function OperationView({ operation }: { readonly operation: Operation }) {
  const { method, path, summary, description, parameters } = operation;
  return (
    <article className={styles.operation}>
      <h3 className={styles.head}>
        <span className={styles.method} data-method={method}>
          {method}
        </span>
        <span className={styles.path}>{path}</span>
      </h3>
      <p>
        <Message text={summary} />
      </p>
      {description === '' ? null : (
        <p>
          <Message text={description} />
        </p>
      )}
      {parameters.length === 0 ? null : (
        <dl className={styles.parameters}>
          {parameters.map(({ name, text }) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>
                <Message text={text} />
              </dd>
            </Fragment>
          ))}
        </dl>
      )}
    </article>
  );
}
