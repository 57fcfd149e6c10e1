import { Banner, Dialog, FormControl, TextInput } from '@primer/react';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import styles from './reason-dialog.module.css';

interface ReasonDialogProps {
  readonly title: string;
  /** What happens, before it happens. */
  readonly children: ReactNode;
  /** The button that does it: `Pause all dispatches`. */
  readonly confirm: string;
  readonly isDangerous?: boolean;
  readonly placeholder: string;
  /** Sends the change. The key is the same for every try, so that a repeated request changes nothing twice. */
  readonly send: (reason: string, idempotencyKey: string) => Promise<unknown>;
  /** Reads again what has changed. */
  readonly done: () => void;
  readonly close: () => void;
}

/** Asks for a reason and confirms a change. */
export function ReasonDialog(props: ReasonDialogProps) {
  const { title, children, confirm, isDangerous = false, placeholder, send, done, close } = props;
  const [reason, setReason] = useState('');
  const [isMissing, setIsMissing] = useState(false);
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const field = useRef<HTMLInputElement>(null);
  const change = useMutation({
    mutationFn: (text: string) => send(text, idempotencyKey),
    onSuccess: () => {
      done();
      close();
    },
  });
  const submit = () => {
    const text = reason.trim();
    if (text === '') {
      setIsMissing(true);
      field.current?.focus();
    } else if (!change.isPending) change.mutate(text);
  };
  return (
    <Dialog
      title={title}
      width="large"
      initialFocusRef={field}
      onClose={close}
      footerButtons={[
        { content: 'Cancel', onClick: close },
        {
          content: confirm,
          buttonType: isDangerous ? 'danger' : 'primary',
          loading: change.isPending,
          onClick: submit,
        },
      ]}
    >
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {change.error === null ? null : (
          <Banner variant="critical" title="That did not work" description={change.error.message} />
        )}
        {children}
        <FormControl required>
          <FormControl.Label>Reason</FormControl.Label>
          <TextInput
            ref={field}
            block
            value={reason}
            maxLength={1_000}
            placeholder={placeholder}
            onChange={({ target }) => {
              setReason(target.value);
              setIsMissing(false);
            }}
          />
          {isMissing ? (
            <FormControl.Validation variant="error">
              Write a reason: it is recorded in the audit log.
            </FormControl.Validation>
          ) : (
            <FormControl.Caption>It is recorded in the audit log.</FormControl.Caption>
          )}
        </FormControl>
      </form>
    </Dialog>
  );
}
