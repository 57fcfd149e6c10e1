# What an AWS account needs before the first environment: the bucket for Terraform's state, the image repositories, and the
# roles that the pipelines of your repository assume. Apply it by scripts/deploy/bootstrap.sh.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name
  bucket    = coalesce(var.state_bucket, "dispatcher-state-${local.account}-${local.region}")

  repository_arns = var.has_registry ? values(module.registry[0].repository_arns) : []
}

module "registry" {
  source = "../modules/registry"
  count  = var.has_registry ? 1 : 0

  reading_accounts = var.reading_accounts
  force_delete     = var.force_delete
}
