export { type Form, parseForms, submitForm } from './html-forms.ts';
export { authorizeAs, CALLBACK_URL, CLIENT_ID, CLIENT_SECRET, SIGN_IN, signIn, VERIFIER } from './sign-in.ts';
