import { PersonIcon, SignOutIcon } from '@primer/octicons-react';
import { ActionList, ActionMenu, IconButton } from '@primer/react';
import { signOut, useMe } from '../api/session.ts';
import { Skeleton } from '../components/states.tsx';
import { Time } from '../components/time.tsx';

const roles = { viewer: 'Viewer: may see everything', operator: 'Operator: may replay, redrive and pause' };

/** Who is signed in, with which role, until when; and the way out. */
export function UserMenu() {
  const me = useMe();
  // As wide as the button, so that the field beside it keeps its place.
  if (me.data === undefined) return <Skeleton width={32} height={32} />;
  const { name, role, session, visibility } = me.data;
  return (
    <ActionMenu>
      <ActionMenu.Anchor>
        <IconButton icon={PersonIcon} variant="invisible" aria-label={`Signed in as ${name}`} />
      </ActionMenu.Anchor>
      <ActionMenu.Overlay width="medium">
        <ActionList>
          <ActionList.Group>
            <ActionList.GroupHeading>{name}</ActionList.GroupHeading>
            <ActionList.Item disabled>
              {visibility === 'github' ? 'Viewer: may see the repositories that GitHub lets you read' : roles[role]}
              <ActionList.Description variant="block">
                {session === null ? (
                  'Without a session: there is nothing to end'
                ) : (
                  <>
                    The session ends <Time value={session.endsAt} inRow />
                  </>
                )}
              </ActionList.Description>
            </ActionList.Item>
          </ActionList.Group>
          {session === null ? null : (
            <>
              <ActionList.Divider />
              <ActionList.Item onSelect={() => void signOut()}>
                <ActionList.LeadingVisual>
                  <SignOutIcon />
                </ActionList.LeadingVisual>
                Sign out
              </ActionList.Item>
            </>
          )}
        </ActionList>
      </ActionMenu.Overlay>
    </ActionMenu>
  );
}
