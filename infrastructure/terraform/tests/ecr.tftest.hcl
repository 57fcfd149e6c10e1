mock_provider "aws" {
  source = "./mocks"
}

run "five_repositories" {
  command = apply

  module {
    source = "../ecr"
  }

  assert {
    condition = toset([for repository in aws_ecr_repository.this : repository.name]) == toset([
      "dispatcher/ingress", "dispatcher/planning", "dispatcher/dispatch", "dispatcher/facts", "dispatcher/admin",
    ])
    error_message = "Each function has a repository."
  }

  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_tag_mutability == "IMMUTABLE"])
    error_message = "A tag stays the image that it was given to."
  }

  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_scanning_configuration[0].scan_on_push])
    error_message = "Images are scanned when they are pushed."
  }

  assert {
    condition = length(aws_ecr_lifecycle_policy.this) == 5 && alltrue([
      for name, policy in aws_ecr_lifecycle_policy.this : policy.repository == "dispatcher/${name}" &&
      [for rule in jsondecode(policy.policy).rules : [
        rule.rulePriority, rule.selection.tagStatus, try(rule.selection.tagPrefixList, []), rule.selection.countType,
        rule.selection.countUnit, rule.selection.countNumber, rule.action.type, length(rule.description) > 0
        ]] == [
        [1, "untagged", [], "sinceImagePushed", "days", 7, "expire", true],
        [2, "tagged", ["ci-"], "sinceImagePushed", "days", 14, "expire", true],
      ]
    ])
    error_message = "Only images without a tag, or with one that begins with ci-, go away."
  }

  assert {
    condition = length(aws_ecr_repository_policy.this) == 5 && alltrue([
      for name, policy in aws_ecr_repository_policy.this : policy.repository == "dispatcher/${name}" &&
      jsondecode(policy.policy) == {
        Version = "2012-10-17"
        Statement = [{
          Sid       = "LambdaReadsTheImage"
          Effect    = "Allow"
          Principal = { Service = "lambda.amazonaws.com" }
          Action    = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
          Condition = { StringEquals = { "aws:SourceAccount" = ["this-account"] } }
        }]
      }
    ])
    error_message = "Lambda reads images for this account's functions, and nobody else does."
  }

  assert {
    condition     = keys(output.repository_urls) == ["admin", "dispatch", "facts", "ingress", "planning"]
    error_message = "Where images are pushed to is an output."
  }
}

run "another_account_may_read" {
  command = apply

  module {
    source = "../ecr"
  }

  variables {
    reading_accounts = ["000000000000"]
  }

  assert {
    condition = (jsondecode(aws_ecr_repository_policy.this["admin"].policy).Statement[1] == {
      Sid       = "AccountReadsTheImage000000000000"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::000000000000:root" }
      Action    = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      } &&
      jsondecode(aws_ecr_repository_policy.this["admin"].policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] ==
    ["this-account", "000000000000"])
    error_message = "An account that runs the images reads them, itself and through Lambda."
  }
}

run "an_account_that_is_no_account_is_refused" {
  command = plan

  module {
    source = "../ecr"
  }

  variables {
    reading_accounts = ["my-account"]
  }

  expect_failures = [var.reading_accounts]
}

run "the_application_tag_is_not_for_setting" {
  command = plan

  module {
    source = "../ecr"
  }

  variables {
    cost_tags = { application = "x" }
  }

  expect_failures = [var.cost_tags]
}
