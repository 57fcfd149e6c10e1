# One image repository for each function. Lambda cannot create a function before its image is in a repository.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  functions = toset(["ingress", "planning", "dispatch", "facts", "admin"])
  accounts  = concat([data.aws_caller_identity.current.account_id], var.reading_accounts)

  # The functions of Dispatcher and no others, in any region of these accounts.
  function_arns = [
    for account in local.accounts : "arn:${data.aws_partition.current.partition}:lambda:*:${account}:function:dispatcher-*"
  ]
}

resource "aws_ecr_repository" "this" {
  for_each             = local.functions
  name                 = "dispatcher/${each.key}"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = var.force_delete

  image_scanning_configuration {
    scan_on_push = true
  }
}

# Images of releases never expire: a rollback may need them.
resource "aws_ecr_lifecycle_policy" "this" {
  for_each   = local.functions
  repository = aws_ecr_repository.this[each.key].name

  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Untagged images"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 7 }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "Images of pull requests and branches"
        selection    = { tagStatus = "tagged", tagPrefixList = ["ci-"], countType = "sinceImagePushed", countUnit = "days", countNumber = 14 }
        action       = { type = "expire" }
      },
    ]
  })
}

# Without this policy Lambda adds one itself, which requires that the deploying role may change repository policies.
resource "aws_ecr_repository_policy" "this" {
  for_each   = local.functions
  repository = aws_ecr_repository.this[each.key].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "LambdaPullsImages"
        Effect    = "Allow"
        Principal = { Service = "lambda.amazonaws.com" }
        Action    = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Condition = { ArnLike = { "aws:SourceArn" = local.function_arns } }
      }],
      [for account in var.reading_accounts : {
        Sid       = "AccountPullsImages${account}"
        Effect    = "Allow"
        Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${account}:root" }
        Action    = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      }],
    )
  })
}
