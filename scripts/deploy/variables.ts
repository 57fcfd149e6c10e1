// Prints the input variables of a Terraform environment as JSON: the images of IMAGES_FILE, the GitHub App of APP_ID and
// APP_SLUG (without them, the environment waits for its App), and the settings of TERRAFORM_VARIABLES, with the permissions
// boundary of PERMISSIONS_BOUNDARY and, in a workflow, the address of the repository's runbooks.
import { readFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
const { APP_ID, APP_SLUG, IMAGE_REGISTRY: registry, PERMISSIONS_BOUNDARY: boundary, TERRAFORM_VARIABLES } = process.env;
const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env;
if (file === undefined) throw new Error('usage: node scripts/deploy/variables.ts IMAGES_FILE');
if (!APP_ID !== !APP_SLUG) throw new Error('Set both APP_ID and APP_SLUG, or none of them before the App exists.');

/** Returns the image with its registry. A release has digests only; Terraform's output has complete names. */
function imageOf(name: string, image: string): string {
  if (image.includes('@')) return image;
  if (!registry) throw new Error('IMAGE_REGISTRY is not set, and the images file has digests only.');
  return `${registry}/dispatcher/${name}@${image}`;
}

const images = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>);
console.log(
  JSON.stringify({
    github_app_id: APP_ID || '0',
    github_app_slug: APP_SLUG || 'none',
    images: Object.fromEntries(images.map(([name, image]) => [name, imageOf(name, image)])),
    settings: {
      ...(boundary ? { permissions_boundary_arn: boundary } : {}),
      ...(server && repository ? { runbooks_url: `${server}/${repository}/blob/HEAD/docs/runbooks` } : {}),
      ...(JSON.parse(TERRAFORM_VARIABLES || '{}') as object),
    },
  }),
);
