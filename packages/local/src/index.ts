export * from './aws-endpoint.ts';
