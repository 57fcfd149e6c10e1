import { Banner, Dialog, FormControl, Textarea } from '@primer/react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { api, read } from '../../api/client.ts';
import { type ReplayChoice, replayChoices } from '../../words/replay.ts';
import type { Revision } from '../../words/run-history.ts';
import styles from './replay-dialog.module.css';

interface ReplayDialogProps {
  readonly runKey: string;
  readonly revision: Revision;
  readonly close: () => void;
}

/** Replays a run: says first what each way does. */
export function ReplayDialog({ runKey, revision, close }: ReplayDialogProps) {
  const choices = replayChoices(revision);
  const [mode, setMode] = useState<ReplayChoice['mode']>('re-evaluate');
  const [reason, setReason] = useState('');
  const cache = useQueryClient();
  const formId = useId();
  const replay = useMutation({
    mutationFn: (body: { mode: ReplayChoice['mode']; reason: string }) =>
      read(api.POST('/api/runs/{runKey}/replay', { params: { path: { runKey } }, body })),
    onSuccess: async ({ notice }) => {
      await cache.invalidateQueries({ queryKey: ['run', runKey] });
      if (notice === undefined) close();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    replay.mutate({ mode, reason: reason.trim() });
  };
  const useless = choices.find((choice) => choice.mode === mode)?.useless ?? null;
  return (
    <Dialog
      title="Replay this run"
      width="xlarge"
      onClose={close}
      footerButtons={[
        { content: 'Cancel', onClick: close },
        {
          content: 'Replay',
          buttonType: 'primary',
          type: 'submit',
          form: formId,
          disabled: reason.trim() === '' || useless !== null || replay.isPending,
        },
      ]}
    >
      <form id={formId} className={styles.form} onSubmit={submit}>
        {replay.isError ? (
          <Banner variant="critical" title="The run was not replayed" description={replay.error.message} />
        ) : null}
        {replay.data?.notice === undefined ? null : (
          <Banner variant="warning" title="The replay was requested" description={replay.data.notice} />
        )}
        <fieldset className={styles.fieldset}>
          <legend className={styles.title}>What would happen</legend>
          <div className={styles.choices}>
            {choices.map((choice) => (
              <label key={choice.mode} className={styles.choice}>
                <input type="radio" name="mode" checked={mode === choice.mode} onChange={() => setMode(choice.mode)} />
                <span className={styles.title}>{choice.title}</span>
                <ul className={styles.text}>
                  {choice.lines.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                  {choice.useless === null ? null : (
                    <li>
                      <strong>{choice.useless}</strong>
                    </li>
                  )}
                </ul>
              </label>
            ))}
          </div>
        </fieldset>
        <FormControl required>
          <FormControl.Label>Reason</FormControl.Label>
          <Textarea
            block
            rows={2}
            maxLength={1_000}
            value={reason}
            placeholder="INC-123: the inbound rule was missing"
            onChange={({ target }) => setReason(target.value)}
          />
          <FormControl.Caption>Recorded in the audit. Secrets in it are removed.</FormControl.Caption>
        </FormControl>
      </form>
    </Dialog>
  );
}
