export * from './aws/aws-endpoint.ts';
