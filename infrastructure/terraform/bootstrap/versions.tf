terraform {
  required_version = "~> 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }

  # `terraform init` gets the bucket, key and region of the state from -backend-config. scripts/deploy/bootstrap.sh keeps the
  # state in a local file until the bucket exists.
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  default_tags {
    tags = merge(var.cost_tags, { application = "dispatcher" })
  }
}
