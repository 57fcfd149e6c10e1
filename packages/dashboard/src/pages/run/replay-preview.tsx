import { Banner, Button } from '@primer/react';
import { type Column, DataList } from '../../components/data-list.tsx';
import { Message } from '../../components/message.tsx';
import { CodeLabel } from '../../components/route-name.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { type PreviewRow, previewRows } from '../../words/replay-preview.ts';
import type { Revision } from '../../words/run-history.ts';
import styles from './replay-dialog.module.css';
import type { DryRun } from './use-dry-run.ts';

const columns: readonly Column<PreviewRow>[] = [
  {
    id: 'target',
    header: 'Target',
    grow: true,
    narrow: 'primary',
    cell: ({ target, refusal }) => (
      <>
        {target}
        {refusal === null ? null : (
          <p className={styles.text}>
            <Message text={refusal.message} /> <Message text={refusal.fix} />
          </p>
        )}
      </>
    ),
  },
  {
    id: 'recorded',
    header: 'As recorded',
    cell: ({ before }) => (before === null ? 'Not in the plan' : <StateLabel state={before} />),
  },
  {
    id: 'now',
    header: 'Now',
    narrow: 'state',
    cell: ({ now, refusal }) => (
      <>
        <StateLabel state={now} /> {refusal === null ? null : <CodeLabel code={refusal.code} />}
      </>
    ),
  },
];

/** What a re-evaluation would decide now, beside what is recorded. Planning decides it, from what GitHub says now. */
export function ReplayPreview({ dryRun, newest }: { readonly dryRun: DryRun; readonly newest: Revision }) {
  const { start, isWaiting, preview, error } = dryRun;
  return (
    <div className={styles.fieldset}>
      <div>
        <Button loading={isWaiting} onClick={start}>
          {preview === null ? 'Show what it would decide now' : 'Ask again'}
        </Button>
      </div>
      {error === null ? null : <Banner variant="critical" title="There is no preview" description={error.message} />}
      <div role="status">
        {preview === null ? (
          isWaiting ? (
            'Both sides are read as they are now. Nothing is started.'
          ) : null
        ) : preview.decisions.length === 0 ? (
          <p>
            <Message text={preview.message} /> <CodeLabel code={preview.code} />
          </p>
        ) : (
          <>
            <DataList
              label="What would be decided now"
              columns={columns}
              rows={previewRows(preview, newest)}
              keyOf={({ routeId }) => routeId}
            />
            {preview.omitted === 0 ? null : <p className={styles.text}>{preview.omitted} more routes are not shown.</p>}
          </>
        )}
      </div>
    </div>
  );
}
