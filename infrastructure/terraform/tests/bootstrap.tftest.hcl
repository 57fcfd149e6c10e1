mock_provider "aws" {
  source = "./mocks"
}

variables {
  repository = "octo/dispatcher"
}

run "an_account_gets_state_registry_and_roles" {
  command = apply

  module {
    source = "../bootstrap"
  }

  variables {
    repository_ids = { owner = "11", repository = "22" }
  }

  assert {
    condition     = aws_s3_bucket.state.bucket == "dispatcher-state-this-account-region" && aws_s3_bucket.state.force_destroy == false
    error_message = "The bucket must have a name that nobody else has, and must not be deleted with its states."
  }

  assert {
    condition = (aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled" &&
      one(one(aws_s3_bucket_server_side_encryption_configuration.state.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256" &&
      aws_s3_bucket_public_access_block.state.block_public_acls && aws_s3_bucket_public_access_block.state.block_public_policy &&
    aws_s3_bucket_public_access_block.state.ignore_public_acls && aws_s3_bucket_public_access_block.state.restrict_public_buckets)
    error_message = "The bucket must keep versions, encrypt objects and refuse public access."
  }

  assert {
    condition = jsondecode(aws_s3_bucket_policy.state.policy).Statement == [{
      Sid       = "RefuseUnencryptedConnections"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::mock", "arn:aws:s3:::mock/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "The bucket must refuse connections without TLS."
  }

  assert {
    condition = [for rule in aws_s3_bucket_lifecycle_configuration.state.rule : [
      rule.id, rule.status, one(rule.filter).prefix, try(one(rule.expiration).days, 0), one(rule.noncurrent_version_expiration).noncurrent_days
      ]] == [
      ["plans", "Enabled", "dispatcher/plans/", 30, 1],
      ["earlier-states", "Enabled", "dispatcher/", 0, 365],
    ]
    error_message = "Plans must expire, and earlier states after a year."
  }

  assert {
    condition     = keys(output.roles) == ["dev", "dev-plan", "prod", "prod-plan", "pull-request", "release"]
    error_message = "Each environment of the repository must have a role."
  }

  assert {
    condition = alltrue([
      for name, role in aws_iam_role.github : role.name == "dispatcher-deploy-${name}" && role.max_session_duration == 3600 &&
      jsondecode(role.assume_role_policy).Statement == [{
        Effect    = "Allow"
        Principal = { Federated = "arn:aws:iam:::oidc-provider/mock" }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = { StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = ["repo:octo/dispatcher:environment:${name}", "repo:octo@11/dispatcher@22:environment:${name}"]
        } }
      }]
    ])
    error_message = "A role must trust its own environment of this repository only, with and without the IDs in the subject."
  }

  assert {
    condition     = aws_iam_openid_connect_provider.github[0].url == "https://token.actions.githubusercontent.com" && aws_iam_openid_connect_provider.github[0].client_id_list == toset(["sts.amazonaws.com"])
    error_message = "The account must trust tokens of GitHub Actions for AWS STS."
  }

  # Only reads, the lock and the plans.
  assert {
    condition = alltrue(flatten([
      for key, policy in aws_iam_policy.github : [
        for statement in jsondecode(policy.policy).Statement : [
          for action in statement.Action : can(regex("^[a-z0-9]+:(Describe|Get|List|GET)", action)) && action != "secretsmanager:GetSecretValue" || contains(["LockState", "StorePlans"], statement.Sid)
        ]
      ] if strcontains(key, "-plan-") || startswith(key, "pull-request-")
    ]))
    error_message = "The role of a plan must not change anything and must not read the value of a secret."
  }

  assert {
    condition = alltrue(flatten([
      for policy in concat(values(aws_iam_policy.github), values(aws_iam_policy.boundary)) : [
        for statement in jsondecode(policy.policy).Statement : [for action in statement.Action : !strcontains(action, "*")]
      ]
    ]))
    error_message = "No role may have an action with a wildcard."
  }

  assert {
    condition = alltrue(flatten([
      for key, policy in aws_iam_policy.github : [
        for statement in jsondecode(policy.policy).Statement : [for action in statement.Action : !startswith(action, "s3:Put") && !startswith(action, "s3:Delete")]
      ] if startswith(key, "pull-request-")
    ]))
    error_message = "The plan of a pull request must neither lock the state nor store a plan."
  }

  # The resources of one environment only.
  assert {
    condition = alltrue(flatten([
      for key, policy in aws_iam_policy.github : [
        for statement in jsondecode(policy.policy).Statement : [for resource in statement.Resource : !strcontains(resource, "-prod") && !strcontains(resource, "/prod")]
      ] if startswith(key, "dev-")
    ]))
    error_message = "The roles of dev must not reach prod."
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_policy.github["dev-5"].policy).Statement : statement.Condition if statement.Sid == "CreateRoles" || statement.Sid == "PassRoles"] == [
      { StringEquals = { "iam:PermissionsBoundary" = "arn:aws:iam:::policy/mock" } },
      { StringEquals = { "iam:PassedToService" = "lambda.amazonaws.com" } },
    ]
    error_message = "The role that deploys may create roles with the boundary only, and give them to Lambda only."
  }

  assert {
    condition     = alltrue([for policy in concat(values(aws_iam_policy.github), values(aws_iam_policy.boundary)) : length(policy.policy) <= 6144])
    error_message = "A managed policy may have 6144 characters."
  }

  assert {
    condition = alltrue([
      for key, attachment in aws_iam_role_policy_attachment.github : attachment.role == "dispatcher-deploy-${replace(key, "/-[0-9]+$/", "")}"
    ]) && length(aws_iam_role_policy_attachment.github) == length(aws_iam_policy.github)
    error_message = "Every policy must be attached to its role."
  }

  assert {
    condition     = keys(output.permissions_boundaries) == ["dev", "prod"] && [for policy in aws_iam_policy.boundary : policy.name] == ["dispatcher-boundary-dev", "dispatcher-boundary-prod"]
    error_message = "Each environment must have a permissions boundary."
  }

  assert {
    condition     = output.image_registry == "registry.invalid" && output.region == "region" && output.repository == "octo/dispatcher"
    error_message = "Registry, region and repository must be outputs."
  }
}

run "an_account_that_reads_the_images_of_another_has_no_registry" {
  command = apply

  module {
    source = "../bootstrap"
  }

  variables {
    environments      = ["prod"]
    has_registry      = false
    oidc_provider_arn = "arn:aws:iam:::oidc-provider/existing"
    state_bucket      = "ours"
  }

  assert {
    condition     = keys(output.roles) == ["prod", "prod-plan"] && output.image_registry == null && output.state_bucket == "ours"
    error_message = "Without a registry there must be no role that pushes images."
  }

  assert {
    condition = length(aws_iam_openid_connect_provider.github) == 0 && alltrue([
      for role in aws_iam_role.github : jsondecode(role.assume_role_policy).Statement[0].Principal.Federated == "arn:aws:iam:::oidc-provider/existing"
    ])
    error_message = "An existing OIDC provider must be used: an account can have only one."
  }

  assert {
    condition = alltrue([
      for name, role in aws_iam_role.github :
      jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == ["repo:octo/dispatcher:environment:${name}"]
    ])
    error_message = "Without the IDs only the subject with the names is trusted."
  }
}

run "repository_url_is_rejected" {
  command = plan

  module {
    source = "../bootstrap"
  }

  variables {
    repository = "https://github.com/octo/dispatcher"
  }

  expect_failures = [var.repository]
}

run "ids_that_are_not_numbers_are_rejected" {
  command = plan

  module {
    source = "../bootstrap"
  }

  variables {
    repository_ids = { owner = "octo", repository = "22" }
  }

  expect_failures = [var.repository_ids]
}

run "environment_that_is_no_name_is_rejected" {
  command = plan

  module {
    source = "../bootstrap"
  }

  variables {
    environments = ["*"]
  }

  expect_failures = [var.environments]
}

run "environment_whose_resources_would_have_the_names_of_this_root_is_rejected" {
  command = plan

  module {
    source = "../bootstrap"
  }

  variables {
    environments = ["deploy"]
  }

  expect_failures = [var.environments]
}

run "cost_tag_application_is_rejected" {
  command = plan

  module {
    source = "../bootstrap"
  }

  variables {
    cost_tags = { application = "x" }
  }

  expect_failures = [var.cost_tags]
}

run "bucket_name_that_s3_does_not_support_is_rejected" {
  command = plan

  module {
    source = "../bootstrap"
  }

  variables {
    state_bucket = "Ours"
  }

  expect_failures = [var.state_bucket]
}

run "oidc_provider_that_is_not_an_arn_is_rejected" {
  command = plan

  module {
    source = "../bootstrap"
  }

  variables {
    oidc_provider_arn = "github"
  }

  expect_failures = [var.oidc_provider_arn]
}

run "reading_account_that_is_not_an_account_id_is_rejected" {
  command = plan

  module {
    source = "../bootstrap"
  }

  variables {
    reading_accounts = ["prod"]
  }

  expect_failures = [var.reading_accounts]
}
