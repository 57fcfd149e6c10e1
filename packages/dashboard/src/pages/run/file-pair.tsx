import { placeOf } from '@dispatcher/rules';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api, read, type Schemas } from '../../api/client.ts';
import { QueryView } from '../../components/query-view.tsx';
import { ExternalLink } from '../../components/route-name.tsx';
import { Skeleton } from '../../components/states.tsx';
import { shortCommit } from '../../words/names.ts';
import type { Decision } from '../../words/run-history.ts';
import styles from './files.module.css';

type PlanFile = Schemas['PlanResponse']['files'][number];
type Reference = Schemas['FileReference'];

interface FilePairProps {
  readonly decision: Decision;
  readonly files: readonly PlanFile[];
  readonly github: string;
}

/** Both files as they were when the route was decided, beside each other, with the deciding rule of each marked. */
export function FilePair({ decision, files, github }: FilePairProps) {
  const { sourceFile, targetFile, rule, closest } = decision;
  return (
    <div className={styles.pair}>
      <FileView title="Source" reference={sourceFile} label={rule} files={files} github={github} />
      <FileView
        title="Target"
        reference={targetFile}
        label={ruleOf(closest?.rule ?? '')}
        files={files}
        github={github}
      />
    </div>
  );
}

/** Returns the whole rule of one of its targets: what decides about a source stands above its targets. */
const ruleOf = (label: string): string => label.replace(/\.targets\[\d+\]$/, '');

interface FileViewProps extends Pick<FilePairProps, 'files' | 'github'> {
  readonly title: string;
  readonly reference: Reference | undefined;
  /** The rule to mark, such as `outbound[0].targets[1]`. */
  readonly label: string;
}

function FileView({ title, reference, label, files, github }: FileViewProps) {
  if (reference === undefined) {
    return (
      <div className={styles.file}>
        <div className={styles.head}>
          <strong>{title}</strong>No file was read.
        </div>
        <p className={styles.none}>The decision did not depend on it, or it does not exist.</p>
      </div>
    );
  }
  const { repository, sha, path } = reference;
  const file = files.find(
    (each) => each.repository.toLowerCase() === repository.toLowerCase() && each.sha === sha && each.path === path,
  );
  return (
    <div className={styles.file}>
      <div className={styles.head}>
        <strong>{title}</strong>
        <ExternalLink href={`${github}/${repository}/blob/${sha}/${path}`}>
          {repository}/{path} at {shortCommit(sha)}
        </ExternalLink>
      </div>
      {file === undefined ? (
        <p className={styles.none}>Its content is not stored.</p>
      ) : (
        <Content blobId={file.blobId} label={label} name={`${repository}/${path}`} />
      )}
    </div>
  );
}

function Content({ blobId, label, name }: { readonly blobId: string; readonly label: string; readonly name: string }) {
  const file = useQuery({
    queryKey: ['file', blobId],
    queryFn: ({ signal }) => read(api.GET('/api/files/{blobId}', { params: { path: { blobId } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <QueryView query={file} skeleton={<Skeleton height={200} />}>
      {({ text }) => <Text text={text} label={label} name={name} />}
    </QueryView>
  );
}

/** Scrolls an area until a line of it is visible, and nothing else: `scrollIntoView` would scroll the page past its answer. */
function showIn(area: HTMLElement, line: HTMLElement): void {
  const below = line.getBoundingClientRect().bottom - area.getBoundingClientRect().bottom;
  if (below > 0) area.scrollTop += below;
}

function Text({ text, label, name }: { readonly text: string; readonly label: string; readonly name: string }) {
  const marked = label === '' ? null : placeOf(text, label);
  const area = useRef<HTMLDivElement>(null);
  const firstMarked = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (area.current !== null && firstMarked.current !== null) showIn(area.current, firstMarked.current);
  }, []);
  return (
    // Scrolls, so the keyboard must reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={area} className={styles.text} tabIndex={0} role="region" aria-label={name}>
      {text
        .replace(/\n$/, '')
        .split('\n')
        .map((line, index) => {
          const number = index + 1;
          const isMarked = marked !== null && number >= marked.first && number <= marked.last;
          return (
            <div
              key={number}
              ref={isMarked && number === marked.first ? firstMarked : undefined}
              className={styles.line}
              data-marked={isMarked}
            >
              <span className={styles.number} aria-hidden="true">
                {number}
              </span>
              <span className={styles.code}>{line === '' ? ' ' : line}</span>
            </div>
          );
        })}
    </div>
  );
}
