terraform {
  required_version = "~> 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }

  # `terraform init` gets the bucket, key and region of the state from -backend-config.
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  default_tags {
    tags = merge(try(var.settings.cost_tags, {}), { application = "dispatcher", environment = "dev" })
  }
}

module "dispatcher" {
  source = "../../modules/dispatcher"

  environment         = "dev"
  deletion_protection = false
  images              = var.images
  github_app_id       = var.github_app_id
  github_app_slug     = var.github_app_slug
  settings            = merge({ log_retention_days = 14, archive_days = 7 }, var.settings)
  setting_names       = keys(var.settings)
}
