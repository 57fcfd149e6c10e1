export { challengeOf, isPing } from './handshake.ts';
export { identityOf, type Identity } from './identity.ts';
export { mapMessage, type MappedMessage, maxValueLength, problemOfPointer } from './map-message.ts';
export { maxMessageBytes, parseMessage } from './parse-message.ts';
export { generateSecret, problemOfSecret } from './secrets.ts';
export { parseVerification, schemes, type Verification } from './verification.ts';
export { verify, type Verified, type VerifiedRequest, windowSeconds } from './verify.ts';
