import { useQuery } from '@tanstack/react-query';
import { api, read } from '../../api/client.ts';
import facts from '../../components/facts.module.css';
import { QueryView } from '../../components/query-view.tsx';
import { Skeleton } from '../../components/states.tsx';
import { blobIdOf, failedFileCheck, type FileAsRead, problemsOf } from '../../words/file-problems.ts';
import styles from './repository.module.css';

/** The text of the file as it was read, with the problems below their lines. */
export function FileText({ reading }: { readonly reading: FileAsRead }) {
  const { runKey, side, file } = reading;
  const plan = useQuery({
    queryKey: ['plan-of-file', runKey],
    queryFn: ({ signal }) => read(api.GET('/api/plans/{runKey}', { params: { path: { runKey } }, signal })),
  });
  const blobId = plan.data === undefined || file === null ? null : blobIdOf(plan.data.files, file);
  const content = useQuery({
    queryKey: ['file', blobId],
    queryFn: ({ signal }) =>
      read(api.GET('/api/files/{blobId}', { params: { path: { blobId: blobId ?? '' } }, signal })),
    enabled: blobId !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (plan.isError || (plan.isSuccess && blobId === null)) {
    return <p className={facts.muted}>The content of the file is not stored any more.</p>;
  }
  const checks =
    plan.data?.facts.flatMap((fact) => {
      if (fact.type === 'run.planned') return fact.data.checks;
      return fact.type === 'route.decided' ? fact.data.decision.checks : [];
    }) ?? [];
  const { problems } = problemsOf(failedFileCheck(checks, side)?.actual ?? '');
  return (
    <QueryView query={content} skeleton={<Skeleton height={200} />}>
      {({ text }) => (
        // Scrolls, so the keyboard must reach it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className={styles.text} tabIndex={0} role="region" aria-label={file?.path ?? 'dispatching.yml'}>
          {text
            .replace(/\n$/, '')
            .split('\n')
            .map((line, index) => {
              const number = index + 1;
              const here = problems.filter((problem) => problem.line === number);
              return (
                <div key={number} className={styles.row} data-problem={here.length > 0}>
                  <span className={styles.number} aria-hidden="true">
                    {number}
                  </span>
                  <span className={styles.code}>{line === '' ? ' ' : line}</span>
                  {here.map(({ column, text: problem }) => (
                    <span key={`${column} ${problem}`} className={styles.problem}>
                      {problem}
                    </span>
                  ))}
                </div>
              );
            })}
        </div>
      )}
    </QueryView>
  );
}
