import { startAwsEndpoint } from '../aws/aws-endpoint.ts';

const [dataDir] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('usage: node endpoint.ts DIRECTORY');
const { url } = await startAwsEndpoint({ dataDir });
console.log(url);
