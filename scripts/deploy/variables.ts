// Prints the input variables of a Terraform environment as JSON: the images of IMAGES_FILE, the GitHub App of APP_ID and
// APP_SLUG, and the settings of TERRAFORM_VARIABLES.
import { readFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
const { APP_ID: github_app_id, APP_SLUG: github_app_slug, IMAGE_REGISTRY: registry, TERRAFORM_VARIABLES } = process.env;
if (file === undefined || !github_app_id || !github_app_slug) {
  throw new Error('usage: APP_ID=… APP_SLUG=… node scripts/deploy/variables.ts IMAGES_FILE');
}

/** Returns the image with its registry. A release has digests only; Terraform's output has complete names. */
function imageOf(name: string, image: string): string {
  if (image.includes('@')) return image;
  if (!registry) throw new Error('IMAGE_REGISTRY is not set, and the images file has digests only.');
  return `${registry}/dispatcher/${name}@${image}`;
}

const images = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>);
console.log(
  JSON.stringify({
    github_app_id,
    github_app_slug,
    images: Object.fromEntries(images.map(([name, image]) => [name, imageOf(name, image)])),
    settings: JSON.parse(TERRAFORM_VARIABLES || '{}') as object,
  }),
);
