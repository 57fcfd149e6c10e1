mock_provider "aws" {
  source = "./mocks"
}

variables {
  reading_accounts = []
  force_delete     = false
}

run "each_function_has_an_image_repository" {
  command = apply

  module {
    source = "../modules/registry"
  }

  assert {
    condition = toset([for repository in aws_ecr_repository.this : repository.name]) == toset([
      "dispatcher/ingress", "dispatcher/planning", "dispatcher/dispatch", "dispatcher/facts", "dispatcher/admin",
    ])
    error_message = "Each function must have a repository."
  }

  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_tag_mutability == "IMMUTABLE"])
    error_message = "Tags must be immutable."
  }

  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_scanning_configuration[0].scan_on_push])
    error_message = "Images must be scanned on push."
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
    error_message = "Only untagged images and images tagged ci-* may expire."
  }

  assert {
    condition = length(aws_ecr_repository_policy.this) == 5 && alltrue([
      for name, policy in aws_ecr_repository_policy.this : policy.repository == "dispatcher/${name}" &&
      jsondecode(policy.policy) == {
        Version = "2012-10-17"
        Statement = [{
          Sid       = "LambdaPullsImages"
          Effect    = "Allow"
          Principal = { Service = "lambda.amazonaws.com" }
          Action    = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
          Condition = { ArnLike = { "aws:SourceArn" = ["arn:aws:lambda:*:this-account:function:dispatcher-*"] } }
        }]
      }
    ])
    error_message = "Only Lambda may pull images, for the functions of Dispatcher in this account."
  }

  assert {
    condition = (keys(output.repository_urls) == ["admin", "dispatch", "facts", "ingress", "planning"] &&
    output.repository_arns["admin"] == "arn:aws:ecr:::repository/mock")
    error_message = "The URLs and the ARNs of the repositories must be outputs."
  }

  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.force_delete == false])
    error_message = "A destroy must not delete images unless it is asked for."
  }
}

run "reading_account_may_pull_images" {
  command = apply

  module {
    source = "../modules/registry"
  }

  variables {
    reading_accounts = ["000000000000"]
  }

  assert {
    condition = (jsondecode(aws_ecr_repository_policy.this["admin"].policy).Statement[1] == {
      Sid       = "AccountPullsImages000000000000"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::000000000000:root" }
      Action    = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      } &&
      jsondecode(aws_ecr_repository_policy.this["admin"].policy).Statement[0].Condition.ArnLike["aws:SourceArn"] ==
    ["arn:aws:lambda:*:this-account:function:dispatcher-*", "arn:aws:lambda:*:000000000000:function:dispatcher-*"])
    error_message = "A reading account must be able to pull images, itself and through Lambda."
  }
}

run "reading_account_that_is_not_an_account_id_is_rejected" {
  command = plan

  module {
    source = "../modules/registry"
  }

  variables {
    reading_accounts = ["my-account"]
  }

  expect_failures = [var.reading_accounts]
}
