import { Banner, Button, Dialog, FormControl, TextInput } from '@primer/react';
import { type ReactNode, useRef, useState } from 'react';
import styles from './create-dialog.module.css';

interface SecretDialogProps {
  readonly title: string;
  /** `key`: the word for the secret in sentences. */
  readonly noun: string;
  readonly label: string;
  readonly secret: string;
  /** Where it goes. */
  readonly caption: ReactNode;
  /** Why it cannot be shown again. */
  readonly explanation: string;
  /** What to do about a secret in the reason, which was redacted. */
  readonly notice?: string | undefined;
  readonly close: () => void;
  readonly children?: ReactNode;
}

/** Shows a secret once. */
export function SecretDialog(props: SecretDialogProps) {
  const { title, noun, label, secret, caption, explanation, notice, close, children } = props;
  const [isCopied, setIsCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    field.current?.select();
    await navigator.clipboard.writeText(secret);
    setIsCopied(true);
  };
  return (
    <Dialog
      title={title}
      width="large"
      initialFocusRef={field}
      // A secret that was closed by mistake would be lost.
      onClose={(gesture) => (gesture === 'close-button' ? close() : undefined)}
      footerButtons={[{ content: 'Done', onClick: close }]}
    >
      <div className={styles.form}>
        <Banner variant="warning" title={`Copy the ${noun} now`} description={explanation} />
        <FormControl>
          <FormControl.Label>{label}</FormControl.Label>
          <TextInput ref={field} block monospace readOnly value={secret} onFocus={({ target }) => target.select()} />
          <FormControl.Caption>{caption}</FormControl.Caption>
        </FormControl>
        <div>
          <Button onClick={() => void copy()}>{isCopied ? 'Copied' : 'Copy'}</Button>
          <span role="status" className={styles.copied}>
            {isCopied ? `The ${noun} is in the clipboard.` : ''}
          </span>
        </div>
        {children}
        {notice === undefined ? null : <Banner variant="warning" title="Secret in the reason" description={notice} />}
      </div>
    </Dialog>
  );
}
