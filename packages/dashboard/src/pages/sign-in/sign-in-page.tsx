import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function SignInPage() {
  return (
    <Page title="Sign in">
      <Blank title="Not there yet" />
    </Page>
  );
}
