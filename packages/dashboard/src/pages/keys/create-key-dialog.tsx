import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read, type Schemas } from '../../api/client.ts';
import { CreateDialog, type CreateField, reasonField } from '../../components/create-dialog.tsx';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { type KeyRole, keyRoles, parseTargets, problemsOfKey, textOfRole, titleOfRole } from '../../words/api-keys.ts';

interface CreateKeyProps {
  /** The key that the new one succeeds. Both work until the old one is revoked. */
  readonly predecessor?: Schemas['ApiKey'];
  readonly close: () => void;
}

type FieldName = 'name' | 'role' | 'targets' | 'expiresInDays' | 'reason';
type Form = Readonly<Record<FieldName, string>>;

const expiries = [
  ['30', '30 days'],
  ['90', '90 days'],
  ['180', '180 days'],
  ['365', '1 year'],
  ['730', '2 years'],
] as const;

const roleOf = ({ role }: Form) => role as KeyRole;

/** Asks for name, scope, expiry and reason of a new key, and shows the key itself once. */
export function CreateKeyDialog({ predecessor, close }: CreateKeyProps) {
  const queries = useQueryClient();
  const [created, setCreated] = useState<Schemas['CreatedKeyResponse'] | null>(null);
  const isRotation = predecessor !== undefined;
  const send = async (form: Form, idempotencyKey: string) => {
    const { name, targets, expiresInDays, reason } = form;
    const role = roleOf(form);
    const body = {
      name,
      role,
      targets: role === 'dispatch' ? [...parseTargets(targets)] : [],
      expiresInDays: Number(expiresInDays),
      rotate: isRotation,
      reason: reason.trim(),
    };
    try {
      return await read(api.POST('/api/keys', { body, headers: { 'idempotency-key': idempotencyKey } }));
    } finally {
      // An error may come after the key was created.
      void queries.invalidateQueries({ queryKey: ['keys'] });
    }
  };
  if (created !== null) return <CreatedKey created={created} predecessor={predecessor} close={close} />;
  return (
    <CreateDialog
      title={isRotation ? `Rotate ${predecessor.name}` : 'New API key'}
      confirm="Create key"
      failure="The key was not created"
      initial={{
        name: predecessor?.name ?? '',
        role: predecessor?.role ?? 'dispatch',
        targets: predecessor?.targets.join('\n') ?? '',
        expiresInDays: '365',
        reason: isRotation ? 'Rotation' : '',
      }}
      fieldsOf={(form) => fieldsOf(form, isRotation)}
      problemsOf={(form) => problemsOfKey({ ...form, role: roleOf(form) })}
      send={send}
      done={setCreated}
      close={close}
    >
      {isRotation ? (
        <p>
          The new key has the same name and role. Both work until you revoke the old one, so that you can replace it
          everywhere first.
        </p>
      ) : null}
    </CreateDialog>
  );
}

function fieldsOf(form: Form, isRotation: boolean): readonly CreateField<FieldName>[] {
  const identity: readonly CreateField<FieldName>[] = [
    {
      name: 'name',
      label: 'Name',
      placeholder: 'nightly-release',
      caption: 'Facts and the audit log show it.',
      isRequired: true,
    },
    {
      name: 'role',
      label: 'Role',
      caption: textOfRole(roleOf(form)),
      isRequired: true,
      options: keyRoles.map((role) => [role, titleOfRole(role)] as const),
    },
  ];
  const targets: CreateField<FieldName> = {
    name: 'targets',
    label: 'May start',
    placeholder: 'acme/deploy:cd.yml\nacme/docs#content-changed',
    caption: 'One a line: a repository, one of its workflows, or one of its event types. The target must agree, too.',
    isRequired: true,
    rows: 3,
  };
  return [
    ...(isRotation ? [] : identity),
    ...(roleOf(form) === 'dispatch' ? [targets] : []),
    { name: 'expiresInDays', label: 'Expires after', options: expiries },
    reasonField('Nightly release of the mobile apps'),
  ];
}

interface CreatedProps {
  readonly created: Schemas['CreatedKeyResponse'];
  readonly predecessor: Schemas['ApiKey'] | undefined;
  readonly close: () => void;
}

function CreatedKey({ created: { key, secret, notice }, predecessor, close }: CreatedProps) {
  return (
    <SecretDialog
      title={`API key ${key.name}`}
      noun="key"
      label="Key"
      secret={secret}
      caption="Send it as the header x-api-key."
      explanation="It is shown once. Dispatcher stores only a digest of it."
      notice={notice}
      close={close}
    >
      {predecessor === undefined ? null : <p>Replace the old key everywhere, then revoke {predecessor.keyId}.</p>}
    </SecretDialog>
  );
}
