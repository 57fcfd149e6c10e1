/** RFC 9457. Repeated here: its package would load the AWS clients. */
export const problemMediaType = 'application/problem+json';
