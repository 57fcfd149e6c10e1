import { Banner, Dialog, FormControl, Select, Textarea } from '@primer/react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { api, read } from '../../api/client.ts';
import { Time } from '../../components/time.tsx';
import { counted } from '../../words/counts.ts';
import { type ReplayChoice, replayChoices, replayableRoutes } from '../../words/replay.ts';
import type { Revision } from '../../words/run-history.ts';
import styles from './replay-dialog.module.css';
import { ReplayPreview } from './replay-preview.tsx';
import { useDryRun } from './use-dry-run.ts';
import { type SameRefusals, useSameRefusals } from './use-same-refusals.ts';

interface ReplayDialogProps {
  readonly runKey: string;
  readonly revision: Revision;
  /** Whether the other runs that were refused for the same reason are chosen at first. */
  readonly startsTogether: boolean;
  readonly close: () => void;
}

type Mode = ReplayChoice['mode'];

const replayOf = (runKey: string, mode: Mode, reason: string, routeId?: string) =>
  read(
    api.POST('/api/runs/{runKey}/replay', {
      params: { path: { runKey } },
      body: { mode, reason, dryRun: false, ...(routeId === undefined ? {} : { routeId }) },
    }),
  );

/** Replays a run: says first what each way does, and on request what would be decided now. */
export function ReplayDialog({ runKey, revision, startsTogether, close }: ReplayDialogProps) {
  const choices = replayChoices(revision);
  const [mode, setMode] = useState<Mode>('re-evaluate');
  const [reason, setReason] = useState('');
  const [isTogether, setIsTogether] = useState(startsTogether);
  const [requested, setRequested] = useState(0);
  const dispatchable = replayableRoutes(revision);
  const [replayedRouteId, setReplayedRouteId] = useState(dispatchable[0]?.routeId);
  const cache = useQueryClient();
  const formId = useId();
  const dryRun = useDryRun(runKey, reason);
  const found = useSameRefusals(runKey, revision);
  const same = typeof found === 'string' ? null : found;
  const others = isTogether && mode === 're-evaluate' && same !== null ? same.runs : [];
  const replay = useMutation({
    mutationFn: async (given: string) => {
      // The oldest first: a newer deployment must not be followed by an older one.
      for (const [index, other] of others.toReversed().entries()) {
        setRequested(index);
        await replayOf(other.runKey, mode, given, same?.routeId);
      }
      return replayOf(runKey, mode, given, mode === 'dispatch-again' ? replayedRouteId : undefined);
    },
    onSuccess: async ({ notice }) => {
      await cache.invalidateQueries({ queryKey: ['run', runKey] });
      await cache.invalidateQueries({ queryKey: ['same-refusals'] });
      if (notice === undefined) close();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    replay.mutate(reason.trim());
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
          content: others.length === 0 ? 'Replay' : `Replay ${others.length + 1} runs`,
          buttonType: 'primary',
          type: 'submit',
          form: formId,
          disabled: reason.trim() === '' || useless !== null || replay.isPending,
        },
      ]}
    >
      <form id={formId} className={styles.form} onSubmit={submit}>
        {replay.isError ? (
          <Banner
            variant="critical"
            title={
              others.length === 0
                ? 'The run was not replayed'
                : `${counted(requested, 'run')} of ${others.length + 1} were replayed`
            }
            description={replay.error.message}
          />
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
        {mode === 're-evaluate' ? (
          <>
            <ReplayPreview dryRun={dryRun} newest={revision} />
            {same === null ? null : <Together same={same} isChosen={isTogether} choose={setIsTogether} />}
          </>
        ) : null}
        {mode === 'dispatch-again' && dispatchable.length > 0 ? (
          <FormControl>
            <FormControl.Label>Workflow to start once more</FormControl.Label>
            <Select block value={replayedRouteId ?? ''} onChange={({ target }) => setReplayedRouteId(target.value)}>
              {dispatchable.map(({ routeId, name }) => (
                <Select.Option key={routeId} value={routeId}>
                  {name}
                </Select.Option>
              ))}
            </Select>
          </FormControl>
        ) : null}
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

interface TogetherProps {
  readonly same: SameRefusals;
  readonly isChosen: boolean;
  readonly choose: (isChosen: boolean) => void;
}

/** Offers to re-evaluate the other runs that wait for the same correction. */
function Together({ same: { runs, code }, isChosen, choose }: TogetherProps) {
  const oldest = runs.at(-1);
  return (
    <label className={styles.choice}>
      <input type="checkbox" checked={isChosen} onChange={({ target }) => choose(target.checked)} />
      <span className={styles.title}>Evaluate {counted(runs.length, 'other run')} together with this one</span>
      <span className={styles.text}>
        {runs.length === 1 ? 'It was' : 'They were'} refused on the same route for the same reason (<code>{code}</code>)
        since {oldest === undefined ? null : <Time value={oldest.time} />}. Each is decided again, the oldest first.
      </span>
    </label>
  );
}
