import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read } from '../../api/client.ts';
import { CreateDialog, type CreateField, reasonField } from '../../components/create-dialog.tsx';
import { SelectedRuns } from '../../components/selected-runs.tsx';
import {
  type BulkReplayForm,
  type BulkReplayPreview,
  dryRunOf,
  problemsOfBulkReplay,
  selectionKeyOf,
  sentenceOfPreview,
} from '../../words/bulk-replays.ts';
import { count, counted } from '../../words/counts.ts';
import { outcomeChoices } from '../../words/outcomes.ts';
import styles from './bulk-replays.module.css';

interface StartBulkReplayProps {
  /** What the address of the page selects. */
  readonly selection: {
    readonly repository?: string;
    readonly outcome?: string;
    readonly code?: string;
    readonly since?: string;
  };
  readonly close: () => void;
}

/** A dry run with the selection that it was made for. */
interface DryRun {
  readonly selectionKey: string;
  readonly since: string;
  readonly preview: BulkReplayPreview;
  /** Sent with each try to start it, so that it is started once. */
  readonly idempotencyKey: string;
}

const windows: readonly (readonly [string, string])[] = [
  ['1h', 'Last hour'],
  ['6h', 'Last 6 hours'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
];
const defaultWindow = '24h';

function fieldsOf({ outcome, since }: BulkReplayForm): readonly CreateField<keyof BulkReplayForm>[] {
  return [
    { name: 'outcome', label: 'Result', options: [...outcomeChoices, ['', 'Another code']] },
    ...(outcome === ''
      ? ([{ name: 'code', label: 'Code', placeholder: 'config-unreadable', isRequired: true }] as const)
      : []),
    {
      name: 'repository',
      label: 'Source repository',
      placeholder: 'owner/name',
      caption: 'Empty: all repositories.',
    },
    {
      name: 'since',
      label: 'Time',
      options: windows.some(([window]) => window === since) ? windows : [[since, `Since ${since}`], ...windows],
    },
    {
      name: 'mode',
      label: 'How',
      options: [
        ['re-evaluate', 'Re-evaluate: with the files of both sides as they are now'],
        ['as-recorded', 'As recorded: publish the stored plans again'],
      ],
      caption: 'What was started already is not started again.',
    },
    { name: 'perMinute', label: 'Replays per minute', caption: 'At most 600.', isRequired: true },
    reasonField('INC-123: GitHub is back'),
  ];
}

/** Asks which runs are replayed and how, shows them by a dry run, and then starts the bulk replay. */
export function StartBulkReplayDialog({ selection, close }: StartBulkReplayProps) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [dryRun, setDryRun] = useState<DryRun | null>(null);
  const dryRunFor = (form: BulkReplayForm) => (dryRun?.selectionKey === selectionKeyOf(form) ? dryRun : null);
  const { repository = '', outcome = '', code = '', since = defaultWindow } = selection;
  return (
    <CreateDialog
      title="New bulk replay"
      confirm={(form) => confirmOf(dryRunFor(form))}
      failure="The bulk replay was not started"
      initial={{ outcome, code, repository, since, mode: 're-evaluate', perMinute: '60', reason: '' }}
      fieldsOf={fieldsOf}
      problemsOf={problemsOfBulkReplay}
      send={async (form) => {
        const shown = dryRunFor(form);
        if (shown !== null && shown.preview.selected > 0) return start(form, shown);
        setDryRun(await runDry(form));
        return null;
      }}
      done={(bulkReplayId) => {
        if (bulkReplayId === null) return;
        void queries.invalidateQueries({ queryKey: ['bulk-replays'] });
        void navigate({ to: '/bulk-replays/$bulkReplayId', params: { bulkReplayId } });
      }}
      close={close}
      below={(form) => <Preview dryRun={dryRunFor(form)} />}
    />
  );
}

function confirmOf(dryRun: DryRun | null): string {
  if (dryRun === null || dryRun.preview.selected === 0) return 'Show the runs';
  const { selected, more } = dryRun.preview;
  return `Replay ${more ? 'at least ' : ''}${counted(selected, 'run')}`;
}

async function runDry(form: BulkReplayForm): Promise<DryRun> {
  const body = dryRunOf(form, Date.now());
  const preview = await read(api.POST('/api/bulk-replays', { body }));
  if (!preview.dryRun) throw new Error('The API started the bulk replay, although only a dry run was requested.');
  const { since } = body;
  return { selectionKey: selectionKeyOf(form), since, preview, idempotencyKey: crypto.randomUUID() };
}

/** Starts a bulk replay of the runs that the dry run has shown. Returns its id. */
async function start(form: BulkReplayForm, { since, preview: { until }, idempotencyKey }: DryRun): Promise<string> {
  const body = { ...dryRunOf(form, Date.now()), since, until, dryRun: false };
  const headers = { 'idempotency-key': idempotencyKey };
  const response = await read(api.POST('/api/bulk-replays', { body, headers }));
  if (response.dryRun) throw new Error('The API only made a dry run, although the bulk replay was to be started.');
  return response.replay.bulkReplayId;
}

const maxShownRuns = 10;

function Preview({ dryRun }: { readonly dryRun: DryRun | null }) {
  const runs = dryRun?.preview.runs.slice(0, maxShownRuns) ?? [];
  return (
    <div className={styles.preview} role="status">
      {dryRun === null ? null : (
        <>
          <p ref={(sentence) => sentence?.scrollIntoView({ block: 'nearest' })} className={styles.strong}>
            {sentenceOfPreview(dryRun.preview)}
          </p>
          {runs.length === 0 ? null : <SelectedRuns runs={runs} />}
          {dryRun.preview.selected > runs.length && runs.length > 0 ? (
            <p className={styles.muted}>The newest {count(runs.length)} are shown.</p>
          ) : null}
        </>
      )}
    </div>
  );
}
