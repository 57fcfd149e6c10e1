import { Banner, Button, Dialog, FormControl, Select, Textarea, TextInput } from '@primer/react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, read, type Schemas } from '../../api/client.ts';
import {
  type KeyForm,
  type KeyRole,
  keyRoles,
  parseTargets,
  problemsOfKey,
  textOfRole,
  titleOfRole,
} from '../../words/api-keys.ts';
import styles from './keys.module.css';

interface CreateKeyProps {
  /** The key that the new one succeeds. Both work until the old one is revoked. */
  readonly predecessor?: Schemas['ApiKey'];
  readonly close: () => void;
}

const expiries = [
  [30, '30 days'],
  [90, '90 days'],
  [180, '180 days'],
  [365, '1 year'],
  [730, '2 years'],
] as const;

/** Asks for name, scope, expiry and reason of a new key, and shows the key itself once. */
export function CreateKeyDialog({ predecessor, close }: CreateKeyProps) {
  const queries = useQueryClient();
  const [form, setForm] = useState<KeyForm>({
    name: predecessor?.name ?? '',
    role: predecessor?.role ?? 'dispatch',
    targets: predecessor?.targets.join('\n') ?? '',
    reason: predecessor === undefined ? '' : 'Rotation',
  });
  const [expiresInDays, setExpiresInDays] = useState(365);
  const [wasSent, setWasSent] = useState(false);
  const firstField = useRef<HTMLInputElement>(null);
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const creation = useMutation({
    mutationFn: (body: Schemas['CreateKeyRequest']) =>
      read(api.POST('/api/keys', { body, headers: { 'idempotency-key': idempotencyKey } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  });
  const problems = wasSent ? problemsOfKey(form) : {};
  const change = (changes: Partial<KeyForm>) => setForm({ ...form, ...changes });
  const submit = () => {
    setWasSent(true);
    if (Object.keys(problemsOfKey(form)).length > 0 || creation.isPending) return;
    const { name, role, targets, reason } = form;
    creation.mutate({
      name,
      role,
      targets: role === 'dispatch' ? [...parseTargets(targets)] : [],
      expiresInDays,
      rotate: predecessor !== undefined,
      reason: reason.trim(),
    });
  };
  if (creation.data !== undefined) {
    return <CreatedKey created={creation.data} predecessor={predecessor} close={close} />;
  }
  return (
    <Dialog
      title={predecessor === undefined ? 'New API key' : `Rotate ${predecessor.name}`}
      width="large"
      initialFocusRef={firstField}
      onClose={close}
      footerButtons={[
        { content: 'Cancel', onClick: close },
        { content: 'Create key', buttonType: 'primary', loading: creation.isPending, onClick: submit },
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
        {creation.error === null ? null : (
          <Banner variant="critical" title="The key was not created" description={creation.error.message} />
        )}
        {predecessor === undefined ? (
          <>
            <FormControl required>
              <FormControl.Label>Name</FormControl.Label>
              <TextInput
                ref={firstField}
                block
                value={form.name}
                placeholder="nightly-release"
                autoComplete="off"
                onChange={({ target }) => change({ name: target.value })}
              />
              <Problem text={problems.name} otherwise="Facts and the audit log show it." />
            </FormControl>
            <FormControl required>
              <FormControl.Label>Role</FormControl.Label>
              <Select block value={form.role} onChange={({ target }) => change({ role: target.value as KeyRole })}>
                {keyRoles.map((role) => (
                  <Select.Option key={role} value={role}>
                    {titleOfRole(role)}
                  </Select.Option>
                ))}
              </Select>
              <FormControl.Caption>{textOfRole(form.role)}</FormControl.Caption>
            </FormControl>
          </>
        ) : (
          <p>
            The new key has the same name and role. Both work until you revoke the old one, so that you can replace it
            everywhere first.
          </p>
        )}
        {form.role === 'dispatch' ? (
          <FormControl required>
            <FormControl.Label>May start</FormControl.Label>
            <Textarea
              block
              rows={3}
              resize="vertical"
              value={form.targets}
              placeholder={'acme/deploy:cd.yml\nacme/docs#content-changed'}
              onChange={({ target }) => change({ targets: target.value })}
            />
            <Problem
              text={problems.targets}
              otherwise="One a line: a repository, one of its workflows, or one of its event types. The target must agree, too."
            />
          </FormControl>
        ) : null}
        <FormControl>
          <FormControl.Label>Expires after</FormControl.Label>
          <Select block value={String(expiresInDays)} onChange={({ target }) => setExpiresInDays(Number(target.value))}>
            {expiries.map(([days, text]) => (
              <Select.Option key={days} value={String(days)}>
                {text}
              </Select.Option>
            ))}
          </Select>
        </FormControl>
        <FormControl required>
          <FormControl.Label>Reason</FormControl.Label>
          <TextInput
            {...(predecessor === undefined ? {} : { ref: firstField })}
            block
            value={form.reason}
            maxLength={1_000}
            placeholder="Nightly release of the mobile apps"
            onChange={({ target }) => change({ reason: target.value })}
          />
          <Problem text={problems.reason} otherwise="It is recorded in the audit log." />
        </FormControl>
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
    </Dialog>
  );
}

function Problem({ text, otherwise }: { readonly text: string | undefined; readonly otherwise: string }) {
  if (text === undefined) return <FormControl.Caption>{otherwise}</FormControl.Caption>;
  return <FormControl.Validation variant="error">{text}</FormControl.Validation>;
}

interface CreatedProps {
  readonly created: Schemas['CreatedKeyResponse'];
  readonly predecessor: Schemas['ApiKey'] | undefined;
  readonly close: () => void;
}

function CreatedKey({ created: { key, secret, notice }, predecessor, close }: CreatedProps) {
  const [isCopied, setIsCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    field.current?.select();
    await navigator.clipboard.writeText(secret);
    setIsCopied(true);
  };
  return (
    <Dialog
      title={`API key ${key.name}`}
      width="large"
      initialFocusRef={field}
      // A key that was closed by mistake would be lost.
      onClose={(gesture) => (gesture === 'close-button' ? close() : undefined)}
      footerButtons={[{ content: 'Done', onClick: close }]}
    >
      <div className={styles.form}>
        <Banner
          variant="warning"
          title="Copy the key now"
          description="It is shown once. Dispatcher stores only a digest of it."
        />
        <FormControl>
          <FormControl.Label>Key</FormControl.Label>
          <TextInput ref={field} block monospace readOnly value={secret} onFocus={({ target }) => target.select()} />
          <FormControl.Caption>Send it as the header x-api-key.</FormControl.Caption>
        </FormControl>
        <div>
          <Button onClick={() => void copy()}>{isCopied ? 'Copied' : 'Copy'}</Button>
          <span role="status" className={styles.copied}>
            {isCopied ? 'The key is in the clipboard.' : ''}
          </span>
        </div>
        {predecessor === undefined ? null : <p>Replace the old key everywhere, then revoke {predecessor.keyId}.</p>}
        {notice === undefined ? null : <Banner variant="warning" title="Secret in the reason" description={notice} />}
      </div>
    </Dialog>
  );
}
